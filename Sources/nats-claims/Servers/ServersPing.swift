import ArgumentParser
import Claims
import ClaimsNATS

/// `nats-claims servers ping`
struct ServersPing: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ping", abstract: "Show how long each server takes to answer.",
    discussion: "The quickest comes first. The way there and back goes through the server that the command is connected to.")

  @OptionGroup var options: FleetOptions

  func run() async throws {
    let report = try await options.ping()
    if options.json {
      FleetReport.printJSON(
        report.replies.sorted { $0.delay < $1.delay }.map { reply in
          .object([
            .init("name", .string(reply.server.label)), .init("id", .string(reply.server.id)),
            .init("rtt_ns", .integer(reply.delayNanoseconds)),
          ])
        })
    } else {
      report.printTable(.roundTrips(report.replies))
    }
    try report.conclude()
  }
}
