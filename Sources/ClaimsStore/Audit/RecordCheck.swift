import Claims
import Nkeys

/// Judges one record: does it follow the one before, and is its token what it says?
struct RecordCheck: Sendable {
  /// How closely tokens are looked at.
  var tokens = LogVerifier.Tokens.signatures

  /// What is wrong with a record that follows `previous`; the chain value of that one is taken as it lies there, so that one altered record
  /// makes one finding or two, and not one for each that follows.
  func problems(_ record: ChangeRecord, after previous: LogHead) -> [String] {
    var problems: [String] = []
    let change = record.change
    if record.sequence != previous.sequence + 1 {
      problems.append(
        record.sequence > previous.sequence
          ? "it does not follow record \(previous.sequence): \(record.sequence - previous.sequence - 1) are missing in between"
          : "there is no such place in a log")
    } else if ChangeChain.link(after: previous.chain, sequence: record.sequence, change: change) != record.chain {
      problems.append("the hash chain does not hold: this record was altered, or the one before it")
    }
    guard let token = change.token else { return problems }
    guard token.digest == change.digest else { return problems + ["the token's bytes are not those that were accepted"] }
    // A read-only server noted that a file is gone: nobody signed that.
    if change.kind == .delete, token.bytes.isEmpty, change.issuer.isEmpty, change.jti.isEmpty { return problems }
    guard tokens != .digests else { return problems }
    do throws(ClaimsError) {
      return problems + (change.kind == .delete ? try tombstone(token, change) : try claims(token, change))
    } catch {
      return problems + ["the token is not good: \(error.message)"]
    }
  }

  private func claims(_ token: Token, _ change: Change) throws(ClaimsError) -> [String] {
    let decoded = try DecodedToken.decode(token)
    let claims = decoded.claims
    let expected = change.kind == .activation ? ClaimType.activation : .account
    guard claims.type == expected else { return ["the token is of type \(claims.type.rawValue), not \(expected.rawValue)"] }
    if tokens == .signatures { _ = try decoded.verify() }
    var problems = differences(claims.common, change)
    let account = claims.activation.map(\.exporter) ?? claims.common.sub
    if account.text != change.subject.text { problems.append("the token is about \(account), not about \(change.subject)") }
    if claims.common.exp != change.expires { problems.append("the token expires at \(claims.common.exp), not at \(change.expires)") }
    return problems
  }

  private func tombstone(_ token: Token, _ change: Change) throws(ClaimsError) -> [String] {
    let claims = try VerifiedClaims.decodeGeneric(token).claims
    var problems = differences(claims.common, change)
    let accounts = claims.generic?.data?["accounts"]?.elements?.compactMap(\.text) ?? []
    if !accounts.contains(change.subject.text) { problems.append("the delete claim does not name \(change.subject)") }
    return problems
  }

  private func differences(_ common: CommonClaims, _ change: Change) -> [String] {
    var problems: [String] = []
    if common.jti != change.jti { problems.append("the token's jti is \(common.jti), not \(change.jti)") }
    if common.iss.text != change.issuer { problems.append("the token's issuer is \(common.iss), not \(change.issuer)") }
    if common.iat > change.iat { problems.append("the token was issued at \(common.iat), later than the account's mark \(change.iat)") }
    return problems
  }
}
