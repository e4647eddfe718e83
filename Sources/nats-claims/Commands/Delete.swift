import ArgumentParser
import Claims
import Glibc
import Nkeys
import ServerConfig

/// `nats-claims delete`
struct Delete: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Delete an account from a server, by a delete claim signed with an operator key.",
    discussion: """
      The claim is signed with the operator's key in the key store, or read from a file with --claim. nats-servers that hold the account \
      with a URL resolver keep it until they restart.

      Examples:
        nats-claims delete AD52CMZILOWBTA3JLYFUVY4RSC5O3BOPQTGHEJIRPRAXK4MEZTZYT5Q6
        nats-claims delete --claim delete.jwt AD52CMZILOWBTA3JLYFUVY4RSC5O3BOPQTGHEJIRPRAXK4MEZTZYT5Q6
      """)

  @Argument(help: "The account's key.")
  var account: String

  @OptionGroup var server: ServerOption

  @Option(help: "The key store with the operator's keys.", completion: .directory)
  var keys = ServerDefaults.keys

  @Option(help: "A file with a delete claim.", completion: .file())
  var claim: String?

  func run() async throws {
    do {
      let account = try AccountKey(account)
      let token = try deleteClaim(for: account)
      let answer = try await server.client().delete(account, claim: token)
      guard answer.isOK else { throw CommandFailure(answer.line) }
      Console.print(answer.line)
    } catch let error as ClaimsError {
      throw CommandFailure(error.message)
    }
  }

  private func deleteClaim(for account: AccountKey) throws -> Token {
    if let claim {
      guard let input = try TokenInput.read([claim]).first else { throw CommandFailure("\(claim): there is no token in it") }
      return input.token
    }
    let signer = try OperatorKeys(KeyStore(path: keys)).signer
    var claims = GenericClaims(subject: signer.publicKey.text)
    claims.data = ClaimsMap([("type", .string("generic")), ("accounts", .array([.string(account.text)]))])
    return try claims.signed(by: signer, at: Int64(time(nil)))
  }
}
