import ArgumentParser
import Claims
import ClaimsRegistry
import Foundation

/// `nats-claims verify`
struct Verify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Verify tokens: their form, their signature, their content, and, with an operator, who signed them.",
    discussion: """
      A token passes when it decodes, its signature holds, its issuer is the operator's (where one is given) and no issue blocks it; an \
      expired token does not pass. Exit code 0 only if all pass.

      With --json every token gives one object on a line, in the order of the input: `ok` and `error` tell of form, signature and issuer, \
      `issues` of the content.

      Examples:
        nats-claims verify --operator keys/operator.jwt store
        nats-claims verify --url http://127.0.0.1:9090 account.jwt
        cat tokens.txt | nats-claims verify --json -
      """)

  @Argument(help: "Token files, directories of .jwt files, or - for standard input.", completion: .file())
  var paths: [String]

  @Option(
    name: [.customLong("operator"), .customLong("operator", withSingleDash: true)], help: "The operator's token file.", completion: .file())
  var operatorFile: String?

  @Option(name: [.customLong("url"), .customShort("u")], help: "A server whose operator is to be taken.")
  var url: String?

  @Flag(help: "Print one JSON object for each token.")
  var json = false

  func run() async throws {
    let trusted = try await trustedOperator()
    let inputs = try TokenInput.read(paths)
    let now = Int64(time(nil))
    var progress = ProgressBar(total: inputs.count)
    var (done, failures) = (0, 0)
    await OrderedWork.map(inputs, cores: ProcessInfo.processInfo.activeProcessorCount) { [json] input in
      let judgement = TokenJudgement(input.token, trusted: trusted.map { [$0] } ?? [], now: now)
      return (passes: judgement.passes, lines: json ? [judgement.json] : judgement.lines(name: input.name))
    } take: { judged in
      Console.print(judged.flatMap(\.lines).joined(separator: "\n"))
      failures += judged.count { !$0.passes }
      done += judged.count
      progress.show(done)
    }
    progress.finish()
    if inputs.isEmpty { throw CommandFailure("there is no token in \(paths.joined(separator: ", "))") }
    if failures > 0 {
      guard json else { throw CommandFailure("\(failures) of \(inputs.count) tokens do not pass") }
      throw ExitCode.failure
    }
  }

  private func trustedOperator() async throws -> TrustedOperator? {
    if let operatorFile { return try TrustedOperator(file: operatorFile) }
    guard let url else { return nil }
    do {
      return try TrustedOperator(text: try await ServerClient(url).operatorToken().text)
    } catch let refusal as Refusal {
      throw CommandFailure("\(url): \(refusal.message)")
    }
  }
}
