import ArgumentParser
import ClaimsStore
import ServerConfig

/// Which log a command reads.
struct LogOptions: ParsableArguments {
  @Option(
    name: [.customLong("dir", withSingleDash: true), .customLong("dir")], help: "The directory that is served, with its log in it.",
    completion: .directory)
  var directory = ServerDefaults.directory

  @Option(name: .customLong("state"), help: "The folder of the log, where it lies elsewhere.", completion: .directory)
  var state: String?

  var folder: StateFolder { StateFolder(state ?? directory + "/.nats-claims") }

  func open() throws -> LogReader {
    do {
      return try LogReader(folder)
    } catch let error as StoreError {
      throw CommandFailure(error.description)
    }
  }
}
