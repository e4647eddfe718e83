import ClaimsTestSupport
import Foundation
import Glibc
import Synchronization

/// A process that a test started: its output goes to files, it can be waited for and ended, and it never outlives its stage.
final class ChildProcess: Sendable {
  /// How a process ended.
  enum Ending: Sendable, Hashable {
    case exited(Int32)
    case signalled(Int32)
  }

  /// What to start.
  struct Launch: Sendable {
    var executable: String
    var arguments: [String] = []
    var folder: String?
    var environment: [String: String] = [:]
    /// What the process reads; an open descriptor, else nothing.
    var input: Int32?
    /// Where its standard output goes instead of a file.
    var output: Int32?
    /// Whether it leads a process group, which is ended with it: for shells and tracers.
    var leadsGroup = false
  }

  let identifier: pid_t
  let name: String
  private let outputFile: String
  private let errorFile: String
  private let leadsGroup: Bool
  private let ended = Mutex<Ending?>(nil)

  /// Starts a process on the current stage.
  init(_ launch: Launch) throws {
    let stage = try Stage.required
    name = (launch.executable as NSString).lastPathComponent
    (outputFile, errorFile) = stage.logFiles(of: name)
    leadsGroup = launch.leadsGroup
    identifier = try Spawn.start(launch, output: outputFile, errors: errorFile)
    stage.add(self)
  }

  /// How it ended; nil while it runs.
  var ending: Ending? { ended.withLock { reap(&$0) } }

  /// What it wrote to standard output so far.
  var output: String { Self.text(of: outputFile) }

  /// What it wrote to standard error so far.
  var errors: String { Self.text(of: errorFile) }

  /// Sends a signal, unless the process has ended.
  func signal(_ number: Int32) {
    ended.withLock { ended in
      guard reap(&ended) == nil else { return }
      kill(leadsGroup ? -identifier : identifier, number)
    }
  }

  /// Waits for its end.
  @discardableResult
  func wait(within seconds: Int = 60) async throws -> Ending {
    try await eventually("\(name) ends", within: seconds) { ending != nil }
    guard let ending else { throw SetupError("\(name) does not end") }
    return ending
  }

  /// Ends it at once, and whatever it started in its group.
  func end() async throws {
    signal(SIGKILL)
    try await wait()
  }

  /// A child stays a zombie until it is looked at here, so its number cannot go to another process in between.
  private func reap(_ ended: inout Ending?) -> Ending? {
    if let ended { return ended }
    var status: Int32 = 0
    guard waitpid(identifier, &status, WNOHANG) == identifier else { return nil }
    let signal = status & 0x7F
    ended = signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
    return ended
  }

  private static func text(of file: String) -> String {
    FileManager.default.contents(atPath: file).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}
