import Claims
import ClaimsRegistry
import ClaimsStore
import Glibc
import Logging
import Nkeys
import ServerConfig

/// Makes an operator with a signing key, its system account, and a system user's creds, in a key store and a directory store.
struct LocalOperator {
  let keys: KeyStore
  let directory: String
  let name: String
  /// Where the server will answer, for `account_server_url`; with port 0 that is not known, and left out.
  let address: HostPort

  static let systemAccountName = "SYS"
  static let systemUserName = "sys"

  /// What was made.
  struct Made {
    let operatorKey: PublicKey
    let systemAccount: AccountKey
    let credentialsFile: String
  }

  /// Makes everything. Seeds are written first and the operator's token last, so that a crash leaves no operator without its keys.
  func make(logger: Logger) async throws -> Made {
    let operatorPair = try KeyPair.generate(.operator)
    let signingPair = try KeyPair.generate(.operator)
    let systemPair = try KeyPair.generate(.account)
    let userPair = try KeyPair.generate(.user)
    let now = Int64(time(nil))
    let systemAccount = try AccountKey(systemPair.publicKey)

    var account = AccountClaims(subject: systemPair.publicKey.text)
    account.common.name = Self.systemAccountName
    account.exports = SystemExports.all
    let accountToken = try account.signed(by: signingPair, at: now)

    var user = UserClaims(subject: userPair.publicKey.text)
    user.common.name = Self.systemUserName
    let userToken = try user.signed(by: systemPair, at: now)

    var `operator` = OperatorClaims(subject: operatorPair.publicKey.text)
    `operator`.common.name = name
    `operator`.signingKeys = [signingPair.publicKey.text]
    `operator`.systemAccount = systemAccount.text
    if address.port != 0 { `operator`.accountServerURL = "http://\(address)/jwt/v1" }
    let operatorToken = try `operator`.signed(by: operatorPair, at: now)

    for pair in [operatorPair, signingPair, systemPair, userPair] { try keys.save(pair) }
    let credentials = keys.credentialsFile(operator: name, account: Self.systemAccountName, user: Self.systemUserName)
    try SecretFile.create(credentials, try CredentialsFile.text(userToken: userToken.text, seed: userPair))
    try await store(accountToken, trusting: TrustedOperator(text: operatorToken.text), logger: logger)
    try SecretFile.replace(keys.operatorFile, operatorToken.text)
    return Made(operatorKey: operatorPair.publicKey, systemAccount: systemAccount, credentialsFile: credentials)
  }

  private func store(_ token: Token, trusting trusted: TrustedOperator, logger: Logger) async throws {
    let store = try Store(Store.Options(directory: directory), logger: logger)
    let registry = Registry(store: store, trust: TrustedOperators([trusted]), metrics: MetricsRegistry(), logger: logger)
    do {
      _ = try await registry.push(token, by: .setup)
    } catch {
      await store.close()
      throw error
    }
    await store.close()
  }
}
