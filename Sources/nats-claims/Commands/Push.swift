import ArgumentParser
import Claims
import ClaimsRegistry
import Nkeys

/// `nats-claims push`
struct Push: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Push account claims to a server.",
    discussion: """
      Exit code 0 only if the server took every one of them.

      Examples:
        nats-claims push account.jwt
        nats-claims push --url http://10.0.0.1:9090 ~/.local/share/nats/nsc/stores/ACME/accounts
        nats-claims account create first | nats-claims push -
      """)

  @Argument(help: "Token files, directories of .jwt files, or - for standard input.", completion: .file())
  var paths: [String]

  @OptionGroup var server: ServerOption

  @Flag(help: "Print one JSON object for each token.")
  var json = false

  /// What became of a token.
  private struct Outcome: Encodable {
    let source: String
    let account: String
    let ok: Bool
    let status: UInt
    let message: String
  }

  func run() async throws {
    let client = try server.client()
    let inputs = try TokenInput.read(paths).filter { !$0.isFromDirectory || isAccount($0.token) }
    var progress = ProgressBar(total: inputs.count)
    var failures = 0
    for (index, input) in inputs.enumerated() {
      let outcome = try await push(input, client)
      if !outcome.ok { failures += 1 }
      try report(outcome, progress)
      progress.show(index + 1)
    }
    progress.finish()
    if inputs.isEmpty { throw CommandFailure("there is no account token in \(paths.joined(separator: ", "))") }
    if failures > 0 { throw CommandFailure("\(failures) of \(inputs.count) tokens were refused") }
  }

  /// Directories of nsc hold users' tokens too: they are passed over.
  private func isAccount(_ token: Token) -> Bool {
    guard let decoded = try? DecodedToken.decode(token) else { return true }
    return decoded.claims.type == .account
  }

  private func push(_ input: TokenInput, _ client: ServerClient) async throws -> Outcome {
    do {
      let subject = try DecodedToken.decode(input.token).claims.common.sub.text
      let account = try AccountKey(subject)
      let answer = try await client.push(input.token, to: account)
      return Outcome(
        source: input.name, account: subject, ok: answer.isOK, status: answer.code,
        message: answer.isOK ? "stored" : answer.line)
    } catch let error as ClaimsError {
      return Outcome(source: input.name, account: "", ok: false, status: 0, message: error.message)
    }
  }

  private func report(_ outcome: Outcome, _ progress: ProgressBar) throws {
    if json { return Console.print(try JSONOutput.text(outcome, pretty: false)) }
    if outcome.ok { return Console.print("\(outcome.account): \(outcome.message)") }
    progress.finish()
    Console.note(PlainText.lines("\(outcome.source): \(outcome.message)"))
  }
}
