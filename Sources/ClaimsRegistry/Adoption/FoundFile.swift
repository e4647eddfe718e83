import Claims
import ClaimsStore
import Nkeys

/// A file of the directory that is served as it was found, with what is to be said of it.
struct FoundFile: Sendable {
  let file: TokenDirectory.File
  let found: FoundToken
  /// When the file was modified, in milliseconds since 1970.
  let modified: Int64
  let sight: FileSight
  /// Why a push of this token would be refused today, or what is odd about it; empty for most.
  let remarks: [String]

  /// Reads and judges a file by its own merits: what decodes, verifies under its own issuer and matches the file's name is served as the tool
  /// before us served it.
  ///
  /// - Throws: ``WithheldFile`` for one that is damaged, wrongly named, or of an operator that is not trusted here.
  init(
    _ file: TokenDirectory.File, in directory: TokenDirectory, trust: TrustedOperators, policy: AdmissionPolicy, now: Int64
  ) throws(WithheldFile) {
    self.file = file
    let status: FileStatus?
    let bytes: [UInt8]?
    do throws(FileError) {
      status = try directory.status(of: file)
      bytes = status?.kind ?? .file == .file ? try directory.read(file) : nil
    } catch {
      throw WithheldFile(file, "it cannot be read: \(error)", FileSight(nil), isUnread: true)
    }
    modified = status?.modified ?? now * 1000
    sight = FileSight(status)
    guard let bytes else { throw WithheldFile(file, "it is no regular file", sight) }
    let raw = Token(bytes)
    do throws(FoundToken.Reason) {
      found = try FoundToken(raw, under: file.name, trust: trust)
    } catch {
      throw WithheldFile(file, error.text, sight)
    }
    remarks = Self.remarks(found.verified, hasLineFeed: raw != found.token, origin: found.origin, policy: policy, now: now)
  }

  var account: AccountKey { found.account }
  var token: Token { found.token }
  var claims: Claims { found.claims }

  private static func remarks(
    _ verified: VerifiedClaims, hasLineFeed: Bool, origin: IssuerOrigin, policy: AdmissionPolicy, now: Int64
  ) -> [String] {
    let claims = verified.claims
    let common = claims.common
    let issuer = PlainText.line(common.iss.text, limit: 64)
    var remarks: [String] = []
    if hasLineFeed { remarks.append("a line feed at its end is left out") }
    switch origin {
    case .trusted, .unjudged, .foreign: break
    case .signingKeyRequired: remarks.append("it is signed by \(issuer), the identity key of an operator that demands signing keys")
    case .selfSigned: remarks.append("it is signed by the account itself; nats-servers refuse it")
    case .perhapsFormer: remarks.append("it is signed by \(issuer), a key that no trusted operator has now; nats-servers refuse it")
    }
    if claims.version <= 1 { remarks.append("it is of version 1") }
    if policy.isAhead(common.iat, at: now) {
      remarks.append("it was issued in the future, at \(common.iat) (\(Timestamp.text(common.iat)))")
    }
    if common.exp > 0, now > common.exp { remarks.append("it is expired since \(Timestamp.text(common.exp))") }
    remarks += verified.strictness.map { "strictness: \($0.rule.rawValue): \($0.detail)" }
    remarks += claims.issues(at: now).filter { $0.blocking && $0.level != .time }.map { "blocking issue: \($0.description)" }
    return remarks.map { PlainText.line($0, limit: 300) }
  }

  /// The record that takes the file over.
  func change(owner: String) -> Change { found.change(time: modified, actor: .file(file.name), owner: owner) }

  /// Whether this token is newer than another of the same account, by the total order of tokens that have no generation.
  func isNewer(than other: FoundFile) -> Bool {
    (claims.common.iat, token.digest) > (other.claims.common.iat, other.token.digest)
  }
}

/// A file that is not served, and why. It stays where it is.
struct WithheldFile: Error, Sendable {
  let file: TokenDirectory.File
  let reason: String
  /// How the file looked.
  let sight: FileSight
  /// Whether nothing is known of its content, because it could not be read: it is looked at again until it can.
  let isUnread: Bool

  init(_ file: TokenDirectory.File, _ reason: String, _ sight: FileSight, isUnread: Bool = false) {
    self.file = file
    self.sight = sight
    self.isUnread = isUnread
    self.reason = PlainText.line(reason, limit: 300)
  }

  /// The file and the reason, as warnings show them.
  var text: String { "\(PlainText.line(file.relativePath)): \(reason)" }
}
