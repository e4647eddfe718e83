import ArgumentParser
import Claims

/// `nats-claims show`
struct Show: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show a token: header and claims, readable.",
    discussion: """
      Examples:
        nats-claims show AD52CMZILOWBTA3JLYFUVY4RSC5O3BOPQTGHEJIRPRAXK4MEZTZYT5Q6
        nats-claims show http://127.0.0.1:9090/jwt/v1/operator
        nats-claims show --json account.jwt
        cat user.creds | nats-claims show -
      """)

  @Argument(help: "An account's key (asked of the server), a URL, a file, or - for standard input.", completion: .file())
  var what: TokenSource

  @OptionGroup var server: ServerOption

  @Flag(help: "Print the claims as JSON.")
  var json = false

  func run() async throws {
    let token = try await what.token(from: server)
    do {
      if json { return Console.print(try DecodedToken.decode(token).claims.jsonText()) }
      Console.print(try DecodedView.describe(token))
    } catch {
      throw CommandFailure("\(what.text): \(error.message)")
    }
    if let account = what.account, let line = await AccountHolding(account, at: server)?.text { Console.print(line) }
  }
}
