import Glibc
import Synchronization

/// A process that a test started, and how it ended.
public final class SpawnedProcess: Sendable {
  /// How a process ended.
  public enum Ending: Sendable, Hashable {
    /// By itself, with this status.
    case exited(Int32)
    /// By this signal.
    case signalled(Int32)
  }

  /// What to start.
  public struct Launch: Sendable {
    /// The program's path.
    public var executable: String
    /// What follows its name.
    public var arguments: [String]
    /// Where it starts; nil for the folder of the tests.
    public var folder: String?
    /// What its environment has besides ours.
    public var environment: [String: String] = [:]
    /// What the process reads; an open descriptor, else nothing.
    public var input: Int32?
    /// Where its standard output goes instead of a file.
    public var output: Int32?
    /// Whether it leads a process group, which is ended with it: for shells and tracers.
    public var leadsGroup = false

    /// A program and its arguments.
    public init(executable: String, arguments: [String] = []) {
      self.executable = executable
      self.arguments = arguments
    }
  }

  /// The process's number.
  public let identifier: Int32
  private let leadsGroup: Bool
  private let ended = Mutex<Ending?>(nil)

  /// Starts a process; what it writes goes to these files.
  ///
  /// - Throws: ``SetupError`` when it cannot be started.
  public init(_ launch: Launch, output: String = "/dev/null", errors: String = "/dev/null") throws {
    leadsGroup = launch.leadsGroup
    identifier = try Spawn.start(launch, output: output, errors: errors)
  }

  /// How it ended; nil while it runs.
  public var ending: Ending? { ended.withLock { reap(&$0) } }

  /// Sends a signal, unless the process has ended.
  public func signal(_ number: Int32) {
    ended.withLock { ended in
      guard reap(&ended) == nil else { return }
      kill(leadsGroup ? -identifier : identifier, number)
    }
  }

  /// Waits for its end, and blocks the thread: for processes that end at once.
  @discardableResult
  public func waitBlocking() -> Ending? { ended.withLock { reap(&$0, options: 0) } }

  /// A child stays a zombie until it is looked at here, so its number cannot go to another process in between.
  private func reap(_ ended: inout Ending?, options: Int32 = WNOHANG) -> Ending? {
    if let ended { return ended }
    var status: Int32 = 0
    var found = waitpid(identifier, &status, options)
    while found < 0, errno == EINTR { found = waitpid(identifier, &status, options) }
    guard found == identifier else { return nil }
    let signal = status & 0x7F
    ended = signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
    return ended
  }
}
