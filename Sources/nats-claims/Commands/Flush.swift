import ArgumentParser
import ClaimsStore

/// `nats-claims flush`
struct Flush: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Complete a directory's files from the log, after a crash and before another tool takes the directory over.",
    discussion: """
      A server that stops in order leaves the directory complete, and one that runs completes it by itself. Nothing is announced.

      Examples:
        nats-claims flush /var/lib/jwt
      """)

  @Argument(help: "The directory of .jwt files.", completion: .directory)
  var directory: String

  @Option(help: "The folder of the program's own state; without it DIR/.nats-claims.", completion: .directory)
  var state: String?

  @Flag(help: "Write files into sub-folders named by the last two characters of their keys.")
  var sharded = false

  @Flag(help: "Print one JSON object.")
  var json = false

  private struct Outcome: Encodable {
    let accounts: Int
    let records: Int64
    let written: Int
  }

  func run() async throws {
    let store = try Store(.existing(directory: directory, state: state, sharded: sharded), logger: ServerLog.quiet)
    let written: Int
    do {
      written = try await store.completeFiles()
    } catch {
      await store.close()
      throw CommandFailure("\(directory) cannot be completed: \(error)")
    }
    guard await store.close() else { throw CommandFailure("\(directory) cannot be completed: see above") }
    let outcome = Outcome(accounts: store.index.count, records: store.lastSequence, written: written)
    if json { return Console.print(try JSONOutput.text(outcome, pretty: false)) }
    Console.print("\(directory) is complete: \(outcome.accounts) accounts, \(written) files written")
  }
}
