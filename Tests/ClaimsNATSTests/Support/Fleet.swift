import Claims
import ClaimsNATS
import ClaimsTestSupport
import Foundation
import Nkeys
import TestSupport

/// A nats-server of an operator, with a full resolver: what is announced to it lies in its folder afterwards.
final class Fleet: Sendable {
  let authority: TestAuthority
  let server: NATSServerProcess
  /// Credentials of a user of the system account.
  let systemUser: String
  /// Credentials of a user of another account.
  let otherUser: String
  let otherAccount: AccountKey
  private let folder: TemporaryFolder

  /// The tokens that the server has from its configuration.
  let tokens: [Token]

  /// Starts the server. `other` is the other account, a new one if none is given; `systemUserPayload` is the largest message the system user may send; `settings` are more lines of its configuration.
  init(
    _ authority: TestAuthority, port: Int = -1, folder: TemporaryFolder? = nil, other: KeyPair? = nil, systemUserPayload: Int64? = nil,
    settings: String = ""
  ) async throws {
    let folder = try folder ?? TemporaryFolder()
    let other = try other ?? KeyPair.generate(.account)
    otherAccount = try AccountKey(other.publicKey)
    let system = try AccountKey(authority.system.publicKey)
    let systemToken = try authority.account(system, name: "SYS")
    let otherToken = try authority.account(otherAccount, name: "APP")
    try folder.write(Self.credentials(of: authority.system, name: "sys", payload: systemUserPayload), to: "sys.creds")
    try folder.write(Self.credentials(of: other, name: "app"), to: "app.creds")
    tokens = [systemToken, otherToken]
    self.authority = authority
    self.folder = folder
    systemUser = folder.path + "/sys.creds"
    otherUser = folder.path + "/app.creds"
    server = try await NATSServerProcess(
      """
      operator: "\(authority.token.text)"
      system_account: \(system)
      resolver: { type: full, dir: "\(folder.path)/jwt" }
      resolver_preload: { \(system): "\(systemToken.text)", \(otherAccount): "\(otherToken.text)" }
      \(settings)
      """, port: port)
  }

  /// The accounts that the server has from its configuration.
  func accounts() throws -> [AccountKey] { [try AccountKey(authority.system.publicKey), otherAccount] }

  /// The token the server holds of an account; nil when it has none.
  func token(of account: AccountKey) -> Token? {
    (try? folder.text("jwt/\(account).jwt")).map { Token($0) }
  }

  /// A credentials file of a new user of an account.
  static func credentials(of account: KeyPair, name: String, payload: Int64? = nil, expires: Int64 = 0) throws -> String {
    let user = try KeyPair.generate(.user)
    var claims = UserClaims(subject: KeyReference(user.publicKey))
    claims.common.name = name
    claims.common.exp = expires
    if let payload { claims.limits.payload = Limit(payload) }
    let token = try claims.signed(by: account, at: TestTime.seconds)
    return try CredentialsFile.text(userToken: token.text, seed: user).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
  }
}

extension Fleet {
  /// Options to connect with the system account's user.
  func options() -> NATSOptions {
    NATSOptions(servers: [server.url()], credentialsFile: systemUser)
  }
}
