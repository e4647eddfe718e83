import Claims
import ClaimsRegistry
import Logging
import ServerConfig

/// What `serve` does when nothing is configured: a local operator, made on the first start.
struct EmbeddedDefault {
  let keys: KeyStore
  let hasOwnNATS: Bool

  /// Settles the options, and gives what is to be printed when the server listens.
  func prepare(_ options: inout ServerOptions, logger: Logger) async throws -> Welcome {
    if !FileSystemQuestion.exists(keys.operatorFile) {
      let local = LocalOperator(keys: keys, directory: options.directory, name: ServerDefaults.operatorName, address: options.address)
      let made = try await local.make(logger: ServerLog.quiet)
      logger.notice("a local operator was made", metadata: ["operator": "\(made.operatorKey)", "keys": "\(keys.path)"])
    }
    let trusted = try TrustedOperator(file: keys.operatorFile)
    let credentials = keys.credentialsFile(
      operator: trusted.claims.common.name, account: LocalOperator.systemAccountName, user: LocalOperator.systemUserName)
    options.operatorFiles = [keys.operatorFile]
    if !hasOwnNATS { options.natsServers = [ServerDefaults.nats] }
    if options.credentialsFile == nil, FileSystemQuestion.exists(credentials) { options.credentialsFile = credentials }
    return Welcome(trusted: trusted, keys: keys, credentialsFile: credentials)
  }
}
