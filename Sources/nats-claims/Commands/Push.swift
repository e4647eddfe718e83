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
        nats-claims push --wait 5s account.jwt
        nats-claims push --dry-run account.jwt

      With --wait the exit code is 0 only if every nats-server that is there holds the claims: none refuses them, and none is silent.
      """)

  @Argument(help: "Token files, directories of .jwt files, or - for standard input.", completion: .file())
  var paths: [String]

  @OptionGroup var server: ServerOption

  @Flag(help: "Print one JSON object for each token.")
  var json = false

  @Option(help: "Wait until every nats-server holds the claims, at most so long (such as 2s), and say which do.")
  var wait: WaitTime?

  @Flag(help: "Print when each step was done, up to the last nats-server; waits 5s unless --wait says how long.")
  var trace = false

  @Flag(help: "Store nothing: say what would change, and which clients that are connected now would be dropped.")
  var dryRun = false

  func validate() throws {
    if dryRun, wait != nil || trace {
      throw ValidationError("--dry-run stores nothing that could be waited for: leave --wait and --trace out")
    }
  }

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
    if dryRun { return try await rehearse(inputs, client) }
    if wait != nil || trace { return try await deliver(inputs, client) }
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

  /// Says what would come of each.
  private func rehearse(_ inputs: [TokenInput], _ client: ServerClient) async throws {
    var refused = 0
    for input in inputs {
      let account = try input.account
      let run = try await DryRun(input.token, of: account, at: client)
      if !run.isAccepted { refused += 1 }
      if json { Console.print(run.json) } else { Console.print((["\(account):"] + run.lines).joined(separator: "\n")) }
    }
    if refused > 0 { throw CommandFailure("\(refused) of \(inputs.count) tokens would be refused") }
  }

  /// Pushes each, and waits until the nats-servers hold it.
  private func deliver(_ inputs: [TokenInput], _ client: ServerClient) async throws {
    let patience = (wait?.span ?? WaitSpan.standard).milliseconds
    var failures = 0
    for input in inputs {
      let account = try input.account
      let answer = try await client.push(input.token, to: account, waiting: patience)
      guard answer.isOK else {
        failures += 1
        Console.note(PlainText.lines("\(input.name): \(answer.line)"))
        continue
      }
      guard let delivery = PushDelivery(answer.body) else {
        throw CommandFailure("\(account): stored, but the server does not say who holds the claims: it is none of nats-claims")
      }
      if !delivery.isConfirmed { failures += 1 }
      if json { Console.print(delivery.json) } else { Console.print("\(account): \(delivery.text)") }
      if trace, !json { for line in delivery.timeline { Console.print(line) } }
    }
    if failures > 0 { throw CommandFailure("\(failures) of \(inputs.count) tokens were refused, or are not held by every nats-server") }
  }

  private func report(_ outcome: Outcome, _ progress: ProgressBar) throws {
    if json { return Console.print(try JSONOutput.text(outcome, pretty: false)) }
    if outcome.ok { return Console.print("\(outcome.account): \(outcome.message)") }
    progress.finish()
    Console.note(PlainText.lines("\(outcome.source): \(outcome.message)"))
  }
}
