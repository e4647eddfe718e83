import ArgumentParser
import ClaimsRegistry
import ClaimsStore

/// `nats-claims doctor`
struct Doctor: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Judge a directory of .jwt files as the first start on it would. Nothing is changed.",
    discussion: """
      Lists the files that would be served although a push of them would be refused, and those that would not be served, with the reasons. \
      Without -operator nothing is said of who signed.

      Exit codes: 0 every file would be served; 1 some would not; 64 the command was not understood.

      Examples:
        nats-claims doctor /var/lib/jwt -operator OP.jwt
        nats-claims doctor --json /var/lib/jwt
      """)

  @Argument(help: "The directory of .jwt files.", completion: .directory)
  var directory: String

  @Option(
    name: [.customLong("operator", withSingleDash: true), .customLong("operator")],
    help: "The trusted operator's token file; may be given several times.", completion: .file())
  var operators: [String] = []

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

    enum CodingKeys: String, CodingKey {
      case directory, accounts, withheld
      case servedAsFound = "served_as_found"
    }
  }

  func run() async throws {
    let trust = TrustedOperators(try operators.map { try TrustedOperator(file: $0) })
    let survey: DirectorySurvey
    do {
      survey = try await DirectorySurvey(TokenDirectory(path: directory, layout: .flat), trust: trust, now: WallClock.system.seconds)
    } catch {
      throw CommandFailure("\(directory) cannot be read: \(error)")
    }
    try report(survey)
    if !survey.withheld.isEmpty { throw ExitCode(1) }
  }

  private func report(_ survey: DirectorySurvey) throws {
    if json {
      let lines = { (lines: [DirectorySurvey.Line]) in lines.map { Line(file: $0.file, remarks: $0.texts) } }
      return Console.print(
        try JSONOutput.text(
          Report(
            directory: directory, accounts: survey.accounts, servedAsFound: lines(survey.remarked), withheld: lines(survey.withheld))))
    }
    Console.print("\(survey.accounts) accounts would be served")
    for (title, lines) in [
      ("served as found, although a push would be refused or something is odd:", survey.remarked), ("not served:", survey.withheld),
    ] where !lines.isEmpty {
      Console.print("\(lines.count) \(title)")
      for line in lines { for text in line.texts { Console.print(PlainText.lines("  \(line.file): \(text)")) } }
    }
    if operators.isEmpty { Console.note("no -operator was given: nothing is said of who signed") }
  }
}
