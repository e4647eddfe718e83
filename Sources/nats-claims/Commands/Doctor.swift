import ArgumentParser
import ClaimsRegistry
import ClaimsStore

/// `nats-claims doctor`
struct Doctor: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Judge a directory of .jwt files as the first start on it would. Nothing is changed.",
    discussion: """
      Lists the files that would be served although a push of them would be refused, and those that would not be served, with the reasons. \
      Without -operator nothing is said of who signed. With --config a configuration of nats-account-server is judged too: which of its keys \
      mean something else, which are no longer needed, and what would be answered differently; its operators are those that count.

      Exit codes: 0 every file would be served and the configuration holds; 1 some would not, or it does not; 64 the command was not understood.

      Examples:
        nats-claims doctor /var/lib/jwt -operator OP.jwt
        nats-claims doctor /var/lib/jwt --config nas.conf
        nats-claims doctor --json /var/lib/jwt
      """)

  @Argument(help: "The directory of .jwt files.", completion: .directory)
  var directory: String

  @Option(
    name: [.customLong("operator", withSingleDash: true), .customLong("operator")],
    help: "The trusted operator's token file; may be given several times.", completion: .file())
  var operators: [String] = []

  @Option(help: "A configuration of nats-account-server to judge.", completion: .file())
  var config: String?

  @Flag(help: "Print one JSON object.")
  var json = false

  private struct Line: Encodable {
    let file: String
    let remarks: [String]
  }

  private struct Report: Encodable {
    let directory: String
    let accounts: Int
    let servedAsFound: [Line]
    let withheld: [Line]
    let configuration: ConfigurationReport?

    enum CodingKeys: String, CodingKey {
      case directory, accounts, withheld, configuration
      case servedAsFound = "served_as_found"
    }
  }

  func run() async throws {
    let configuration = try config.map { try ConfigurationReport(file: $0) }
    let operators = operators.isEmpty ? configuration?.operators ?? [] : operators
    let trust = TrustedOperators(try operators.map { try TrustedOperator(file: $0) })
    let survey: DirectorySurvey
    do {
      survey = try await DirectorySurvey(TokenDirectory(path: directory, layout: .flat), trust: trust, now: WallClock.system.seconds)
    } catch {
      throw CommandFailure("\(directory) cannot be read: \(error)")
    }
    try report(survey, configuration)
    if operators.isEmpty, !json { Console.note("no -operator was given: nothing is said of who signed") }
    if !survey.withheld.isEmpty { throw ExitCode(1) }
  }

  private func report(_ survey: DirectorySurvey, _ configuration: ConfigurationReport?) throws {
    if json {
      let lines = { (lines: [DirectorySurvey.Line]) in lines.map { Line(file: $0.file, remarks: $0.texts) } }
      return Console.print(
        try JSONOutput.text(
          Report(
            directory: directory, accounts: survey.accounts, servedAsFound: lines(survey.remarked), withheld: lines(survey.withheld),
            configuration: configuration)))
    }
    Console.print("\(survey.accounts) accounts would be served")
    for (title, lines) in [
      ("served as found, although a push would be refused or something is odd:", survey.remarked), ("not served:", survey.withheld),
    ] where !lines.isEmpty {
      Console.print("\(lines.count) \(title)")
      for line in lines { for text in line.texts { Console.print(PlainText.lines("  \(line.file): \(text)")) } }
    }
    for line in configuration?.lines ?? [] { Console.print(PlainText.lines(line)) }
  }
}
