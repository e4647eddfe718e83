public import Claims
import Nkeys

/// What there is to say of one token, without anything that is stored.
public struct TokenJudgement: Sendable {
  /// Why the token is not ok, each reason a sentence; empty when it is.
  public let objections: [String]
  /// What it says, as far as it could be read.
  public let claims: Claims?
  /// What is to be said of its content.
  public let issues: [ValidationIssue]

  /// Judges a token.
  ///
  /// - Parameters:
  ///   - token: the token.
  ///   - trusted: the operators of whom one must have signed an account; empty when that is not asked.
  ///   - now: the present, in seconds since 1970.
  public init(_ token: Token, trusted: [TrustedOperator], now: Int64) {
    do throws(ClaimsError) {
      let decoded = try DecodedToken.decode(token)
      claims = decoded.claims
      issues = decoded.claims.issues(at: now)
      objections = Self.objections(to: decoded, trusted: trusted)
    } catch {
      objections = [error.message]
      claims = nil
      issues = []
    }
  }

  /// A token may break several strictness rules, and a weak key breaks one and its signature too: all of them are named.
  private static func objections(to decoded: DecodedToken, trusted: [TrustedOperator]) -> [String] {
    do throws(ClaimsError) {
      let verified = try decoded.verify()
      let violations = texts(of: verified.strictness)
      guard let first = trusted.first, case .account = verified.claims, !trusted.contains(where: { $0.claims.didSign(verified.claims) })
      else { return violations }
      let name = trusted.count == 1 ? "the operator \(first.key)" : "any trusted operator"
      return violations + ["untrusted issuer: \(verified.claims.common.iss) may not sign accounts of \(name)"]
    } catch {
      return [error.message] + texts(of: decoded.strictness)
    }
  }

  private static func texts(of violations: [StrictnessViolation]) -> [String] { violations.map { "strictness: \($0)" } }

  /// Whether the token would be taken: ok, and no issue in the way.
  public var passes: Bool { objections.isEmpty && !issues.contains { $0.blocking || $0.level == .time } }

  /// The judgement for people.
  public func lines(name: String) -> [String] {
    let subject = claims.map { " \($0.type.rawValue) \($0.common.name) \($0.common.sub)" } ?? ""
    let lines =
      ["\(passes ? "pass" : "FAIL")  \(name)\(subject)"] + objections.map { "      \($0)" }
      + issues.map { "      \($0.level.rawValue): \($0.description)" }
    return lines.map { PlainText.line($0, limit: 2000) }
  }

  /// The judgement as one line of JSON. Every member is always there: empty, 0 or null when the token
  /// could not be read that far. The claims stand in it as the reference writes them.
  public var json: String {
    let common = claims?.common ?? CommonClaims()
    var members = [
      ("ok", objections.isEmpty ? "true" : "false"), ("error", JSONText.quoted(objections.joined(separator: "; "))),
      ("type", JSONText.quoted(claims?.typeText ?? "")), ("version", "\(claims?.version ?? 0)"),
      ("subject", JSONText.quoted(common.sub.text)), ("issuer", JSONText.quoted(common.iss.text)), ("name", JSONText.quoted(common.name)),
      ("jti", JSONText.quoted(common.jti)), ("iat", "\(common.iat)"), ("nbf", "\(common.nbf)"), ("exp", "\(common.exp)"),
      ("claims", claims?.jsonText() ?? "null"),
    ]
    let issues = issues.map { issue in
      "{\"level\":\(JSONText.quoted(issue.level.rawValue)),\"blocking\":\(issue.blocking),\"description\":\(JSONText.quoted(issue.description))}"
    }
    members.append(("issues", "[\(issues.joined(separator: ","))]"))
    return "{" + members.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
  }
}

/// JSON strings for the line that is put together here.
private enum JSONText {
  static func quoted(_ text: String) -> String {
    var writer = JSONWriter()
    writer.string(text)
    return writer.text
  }
}
