import ArgumentParser
import Claims
import ClaimsRegistry
import Glibc
import Nkeys
import ServerConfig

/// `nats-claims delete`
struct Delete: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Delete an account from a server, by a delete claim signed with an operator key.",
    discussion: """
      The claim is signed with the operator's key in the key store, or read from a file with --claim. nats-servers that resolve accounts by \
      URL cannot be told of a deletion: closing claims, signed with the same key and sent along, make them drop the account's clients. A \
      claim from a file is sent alone; if the server has no key of its own then, its answer names the nats-servers that still hold the account.

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

  @Flag(help: "Delete nothing: say which clients that are connected now would be dropped.")
  var dryRun = false

  func run() async throws {
    do {
      let account = try AccountKey(account)
      if dryRun { return try await rehearse(account) }
      let (token, closing) = try tokens(for: account)
      let answer = try await server.client().delete(account, claim: token, closing: closing)
      guard answer.isOK else { throw CommandFailure(answer.line) }
      Console.print(answer.line)
    } catch let error as ClaimsError {
      throw CommandFailure(error.message)
    }
  }

  private func rehearse(_ account: AccountKey) async throws {
    let answer = try await server.client().api("/accounts/\(account)/clients")
    let read = try? JSONReader().read(answer.body)
    guard answer.isOK, let deletion = read?["deletion"] else {
      throw CommandFailure("\(account): the server does not say who is connected: \(read?["detail"]?.text ?? answer.line)")
    }
    guard !deletion.isNull else { return Console.print("no nats-server can be asked who is connected") }
    let effects = (deletion["effects"]?.elements ?? []).compactMap { $0["text"]?.text }
    let lines = (effects.isEmpty ? ["nobody is connected now"] : effects) + DryRun.silence(deletion)
    Console.print(PlainText.lines(lines.joined(separator: "\n")))
  }

  /// The delete claim, and closing claims of the same second.
  private func tokens(for account: AccountKey) throws -> (claim: Token, closing: Token?) {
    if let claim {
      guard let input = try TokenInput.read([claim]).first else { throw CommandFailure("\(claim): there is no token in it") }
      return (input.token, nil)
    }
    let signer = try OperatorKeys(KeyStore(path: keys)).signer
    let now = Int64(time(nil))
    var claims = GenericClaims(subject: KeyReference(signer.publicKey))
    claims.data = ClaimsMap([("type", .string("generic")), ("accounts", .array([.string(account.text)]))])
    // The server may have no key to sign them again: they must outlast an absence of NATS.
    let closing = try ClosingClaims(of: account, iat: now, expires: now + ClosingClaims.longLifetime, signer: signer)
    return (try claims.signed(by: signer, at: now), closing.token)
  }
}
