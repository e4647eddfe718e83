import ClaimsTestSupport
import Foundation
import Synchronization
import TestSupport

/// What one test has of its own: a folder, and the processes it started. Both are gone when the test ends.
final class Stage: Sendable {
  @TaskLocal static var current: Stage?

  /// The stage of the test that runs.
  static var required: Stage {
    get throws {
      guard let current else { throw SetupError("there is no stage: the suite lacks the trait .staged") }
      return current
    }
  }

  let folder: TemporaryFolder
  private let processes = Mutex<[ChildProcess]>([])
  private let proxies = Mutex<[NATSProxy]>([])
  private let counter = Mutex(0)
  private let clients = Mutex<PythonClients?>(nil)

  init() throws {
    folder = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: folder.path + "/logs", withIntermediateDirectories: false)
  }

  /// A path in the folder that nothing else uses.
  func path(_ name: String) -> String { "\(folder.path)/\(next())-\(name)" }

  /// A new folder in the folder.
  func newFolder(_ name: String) throws -> String {
    let path = path(name)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    return path
  }

  /// A new file in the folder.
  func file(_ name: String, _ text: String) throws -> String {
    let path = path(name)
    try Data(text.utf8).write(to: URL(filePath: path))
    return path
  }

  func logFiles(of name: String) -> (output: String, errors: String) {
    let start = "\(folder.path)/logs/\(next())-\(name)"
    return (start + ".out", start + ".err")
  }

  func add(_ process: ChildProcess) {
    processes.withLock { $0.append(process) }
  }

  func add(_ proxy: NATSProxy) {
    proxies.withLock { $0.append(proxy) }
  }

  /// The one Python process of the test, which holds all its NATS clients.
  func pythonClients() throws -> PythonClients {
    try clients.withLock { clients in
      let made = try clients ?? PythonClients()
      clients = made
      return made
    }
  }

  /// Ends every process and every proxy.
  func end() async throws {
    for proxy in proxies.withLock({ $0 }) { proxy.end() }
    for process in processes.withLock({ $0 }) { try await process.end() }
  }

  /// The end of every process's log, for a test that failed.
  func report() {
    for process in processes.withLock({ $0 }) {
      for (name, text) in [("output", process.output), ("errors", process.errors)] where !text.isEmpty {
        print("--- \(process.name) \(process.identifier) \(name)\n\(text.suffix(4000))")
      }
    }
  }

  private func next() -> Int {
    counter.withLock { counter in
      counter += 1
      return counter
    }
  }
}
