import ArgumentParser
import Claims
import Glibc
import Nkeys
import ServerConfig

/// `nats-claims account`
struct Account: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Make account claims.", subcommands: [AccountCreate.self])
}

/// `nats-claims account create`
struct AccountCreate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Sign account claims with the operator's key, and print the token.",
    discussion: """
      Without --subject a new account key is made and kept in the key store.

      Examples:
        nats-claims account create first | nats-claims push -
        nats-claims account create first --subject AD52… --connections 2 | nats-claims push -
      """)

  @Argument(help: "The account's name.")
  var name: String

  @Option(help: "The key of an account that exists.")
  var subject: String?

  @Option(help: "How many clients may be connected; without it any number.")
  var connections: Int64?

  @Option(help: "The key store.", completion: .directory)
  var keys = ServerDefaults.keys

  func run() async throws {
    let operatorKeys = try OperatorKeys(KeyStore(path: keys))
    do {
      var claims = AccountClaims(subject: KeyReference(try key(in: operatorKeys.store)))
      claims.common.name = name
      if let connections { claims.limits.connections = Limit(connections) }
      Console.print(try claims.signed(by: operatorKeys.signer, at: Int64(time(nil))).text)
    } catch let error as ClaimsError {
      throw CommandFailure(error.message)
    }
  }

  private func key(in store: KeyStore) throws -> PublicKey {
    if let subject { return try AccountKey(subject).publicKey }
    let pair = try KeyPair.generate(.account)
    try store.save(pair)
    return pair.publicKey
  }
}
