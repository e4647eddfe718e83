import ArgumentParser
import ClaimsNATS

/// `nats-claims servers stats`
struct ServersStats: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats", abstract: "Show the servers' figures: connections, messages, memory.",
    discussion: "With --json the servers' own replies.")

  @OptionGroup var options: FleetOptions

  func run() async throws {
    let report = try await options.ping()
    if options.json { report.printReplies() } else { report.printTable(.statistics(report.replies)) }
    try report.conclude()
  }
}
