import ArgumentParser
import ClaimsNATS

/// The options of the commands that ask servers.
struct FleetOptions: ParsableArguments {
  @OptionGroup var login: NATSLogin

  @Option(help: "How many seconds to wait for answers at most.")
  var timeout = 5.0

  @Flag(help: "Print one JSON array.")
  var json = false

  func validate() throws {
    guard timeout > 0, timeout <= 3600 else { throw ValidationError("--timeout must be more than 0 and at most 3600 seconds") }
  }

  /// How long to wait.
  var patience: Duration { .milliseconds(Int64((timeout * 1000).rounded(.up))) }

  /// Connects, does some work, and closes the connection.
  func withSession<Result: Sendable>(_ work: (SystemSession) async throws -> Result) async throws -> Result {
    let session = try await login.session().session
    do {
      let result = try await work(session)
      await session.close()
      return result
    } catch {
      await session.close()
      if let error = error as? NATSError { throw CommandFailure("the servers cannot be asked: \(error.message)") }
      throw error
    }
  }

  /// Asks all servers who they are, with their figures; in the order of their names.
  func ping() async throws -> FleetReport {
    let subject = ServerEndpoint.pingSubject
    let replies = try await withSession { try await $0.askFleet(subject, within: patience) }
    guard !replies.readable.isEmpty || replies.unreadable > 0 else { throw nobody(at: subject) }
    return FleetReport(replies)
  }

  /// Nobody answered.
  func nobody(at subject: String) -> CommandFailure { CommandFailure("no server answered \(subject) within \(timeout) seconds") }
}
