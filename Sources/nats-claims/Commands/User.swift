import ArgumentParser
import Claims
import Glibc
import Nkeys
import ServerConfig

/// `nats-claims user`
struct User: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Make users of an account.", subcommands: [UserCreate.self])
}

/// `nats-claims user create`
struct UserCreate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Make a user of an account, and write its creds file.",
    discussion: """
      The account's seed must be in the key store.

      Example:
        nats-claims user create app --account AD52… --output app.creds
      """)

  @Argument(help: "The user's name.")
  var name: String

  @Option(help: "The account's key.")
  var account: String

  @Option(help: "The creds file to write; it must not exist.", completion: .file())
  var output: String

  @Option(help: "The key store.", completion: .directory)
  var keys = ServerDefaults.keys

  func run() async throws {
    let store = KeyStore(path: keys)
    do {
      let account = try AccountKey(account)
      guard let signer = try store.pair(of: account.publicKey) else {
        throw CommandFailure("\(keys)/keys holds no seed of the account \(account)")
      }
      let pair = try KeyPair.generate(.user)
      var claims = UserClaims(subject: KeyReference(pair.publicKey))
      claims.common.name = name
      let token = try claims.signed(by: signer, at: Int64(time(nil)))
      try SecretFile.create(output, try CredentialsFile.text(userToken: token.text, seed: pair))
      Console.print(pair.publicKey.text)
    } catch let error as ClaimsError {
      throw CommandFailure(error.message)
    }
  }
}
