import Claims
import ClaimsTestSupport
import Foundation
import Glibc
import Nkeys

/// An operator with its files, as a test needs it: accounts, users and tokens of any time.
struct Organisation: Sendable {
  let authority: TestAuthority
  /// The file with the operator's token.
  let operatorFile: String
  /// The system account's key.
  let systemAccount: AccountKey
  /// The system account's claims.
  let systemToken: Token

  init(strict: Bool = false) throws {
    authority = try TestAuthority(strict: strict)
    systemAccount = try AccountKey(authority.system.publicKey)
    systemToken = try authority.account(systemAccount, name: "SYS", iat: Self.now - 1000)
    operatorFile = try Stage.required.file("operator.jwt", authority.token.text)
  }

  /// Now, in seconds since 1970.
  static var now: Int64 { Int64(time(nil)) }

  /// Creds of a user of the system account.
  func systemCredentials() throws -> String {
    try credentials(of: authority.system)
  }

  /// Creds of a new user of an account, issued a while ago.
  func credentials(of account: KeyPair, signedBy signer: KeyPair? = nil) throws -> String {
    let user = try KeyPair.generate(.user)
    var claims = UserClaims(subject: KeyReference(user.publicKey))
    claims.common.name = "user"
    if signer != nil { claims.issuerAccount = KeyReference(account.publicKey) }
    let token = try claims.signed(by: signer ?? account, at: Self.now - 500)
    let text = try CredentialsFile.text(userToken: token.text, seed: user)
    return try Stage.required.file("user.creds", text.withUnsafeBytes { String(decoding: $0, as: UTF8.self) })
  }

  /// A key store in nsc's layout with the operator's token and the seed of its signing key.
  func keyStore() throws -> String {
    let folder = try Stage.required.newFolder("keys")
    let key = authority.signing.publicKey.text
    let place = "\(folder)/keys/O/\(key.dropFirst().prefix(2))"
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    try authority.signing.seedText().withUnsafeBytes { try Data($0).write(to: URL(filePath: "\(place)/\(key).nk")) }
    try Data(authority.token.bytes).write(to: URL(filePath: "\(folder)/operator.jwt"))
    return folder
  }

  /// Puts the system account's claims into a new directory, as another tool would leave them.
  func directory() throws -> String {
    let directory = try Stage.required.newFolder("store")
    try Data(systemToken.bytes).write(to: URL(filePath: "\(directory)/\(systemAccount).jwt"))
    return directory
  }
}

/// An account of an organisation, whose tokens are each a second newer than the one before.
final class TestAccount: Sendable {
  let pair: KeyPair
  let key: AccountKey
  private let organisation: Organisation
  private let firstSecond = Organisation.now - 400

  init(of organisation: Organisation) throws {
    self.organisation = organisation
    pair = try KeyPair.generate(.account)
    key = try AccountKey(pair.publicKey)
  }

  /// The account's claims as of a second; tokens of one second differ by their name.
  func token(_ second: Int64 = 0, name: String = "account", _ edit: (inout AccountClaims) -> Void = { _ in }) throws -> Token {
    try organisation.authority.account(key, name: name, iat: firstSecond + second, edit)
  }

  /// Claims that let nobody in.
  func closed(_ second: Int64) throws -> Token {
    try token(second) { $0.limits.connections = .zero }
  }

  /// Claims that revoke every user issued until now.
  func revoked(_ second: Int64) throws -> Token {
    try token(second) { $0.revocations.revoke(Revocations.allKeys, at: Organisation.now) }
  }

  /// The second of a token, as messages name it.
  func iat(_ second: Int64) -> Int64 { firstSecond + second }

  func credentials(signedBy signer: KeyPair? = nil) throws -> String { try organisation.credentials(of: pair, signedBy: signer) }
}
