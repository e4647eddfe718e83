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

  /// Makes everything. The store is opened before anything is written, so that one that cannot be had costs nothing. Seeds are written first
  /// and the operator's token last, so that a crash leaves no operator without its keys; what an attempt that ended half way left behind
  /// belongs to nobody, and is replaced or lies idle.
  func make(logger: Logger) async throws -> Made {
    let operatorPair = try KeyPair.generate(.operator)
    let signingPair = try KeyPair.generate(.operator)
    let systemPair = try KeyPair.generate(.account)
    let userPair = try KeyPair.generate(.user)
    let now = Int64(time(nil))
    let systemAccount = try AccountKey(systemPair.publicKey)

    var account = AccountClaims(subject: KeyReference(systemPair.publicKey))
    account.common.name = Self.systemAccountName
    account.exports = SystemExports.all
    let accountToken = try account.signed(by: signingPair, at: now)

    var user = UserClaims(subject: KeyReference(userPair.publicKey))
    user.common.name = Self.systemUserName
    let userToken = try user.signed(by: systemPair, at: now)

    var `operator` = OperatorClaims(subject: KeyReference(operatorPair.publicKey))
    `operator`.common.name = name
    `operator`.signingKeys = [KeyReference(signingPair.publicKey)]
    `operator`.systemAccount = KeyReference(systemPair.publicKey)
    if address.port != 0 { `operator`.accountServerURL = "http://\(address)/jwt/v1" }
    let operatorToken = try `operator`.signed(by: operatorPair, at: now)

    let credentials = keys.credentialsFile(operator: name, account: Self.systemAccountName, user: Self.systemUserName)
    try await withStore(logger) { store in
      for pair in [operatorPair, signingPair, systemPair, userPair] { try keys.save(pair) }
      try SecretFile.replace(credentials, try CredentialsFile.text(userToken: userToken.text, seed: userPair))
      let trust = TrustedOperators([try TrustedOperator(text: operatorToken.text)])
      _ = try await Registry(store: store, trust: trust, metrics: MetricsRegistry(), logger: logger).push(accountToken, by: .setup)
    }
    try SecretFile.replace(keys.operatorFile, operatorToken.text)
    return Made(operatorKey: operatorPair.publicKey, systemAccount: systemAccount, credentialsFile: credentials)
  }

  private func withStore(_ logger: Logger, _ body: (Store) async throws -> Void) async throws {
    let store = try Store(Store.Options(directory: directory), logger: logger)
    do {
      try await body(store)
    } catch {
      await store.close()
      throw error
    }
    await store.close()
  }
}
