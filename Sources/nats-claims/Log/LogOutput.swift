import Dispatch
import Foundation
import Glibc
import Synchronization

/// Where log lines go, in as few writes as it takes.
///
/// A busy server accepts thousands of changes a second, each with a line. They are gathered for a moment and written together, so that a push
/// does not wait for whoever reads the log; what must not be lost is written at once, with all that came before it. When nobody reads for long,
/// as in a terminal that was stopped, lines are left out rather than the server held up, and counted.
final class LogOutput: Sendable {
  fileprivate struct State {
    var lines: [UInt8] = []
    var isWriteDue = false
    /// How many lines were left out behind these.
    var leftOut = 0
  }

  /// How long lines are gathered.
  private static let gathering = DispatchTimeInterval.milliseconds(10)
  /// The most bytes that wait for a reader.
  private static let most = 16 << 20

  /// Standard error.
  static let standardError = LogOutput(STDERR_FILENO)

  /// Those that are written when the process ends.
  private static let opened: Mutex<[LogOutput]> = {
    atexit { for output in LogOutput.opened.withLock({ $0 }) { output.flush() } }
    return Mutex([])
  }()

  private let descriptor: Int32
  private let state = Mutex(State())
  /// Held by whoever writes, so that lines stay in their order; nobody waits for it to add one.
  private let writing = Mutex(())
  private let queue = DispatchQueue(label: "nats-claims log")

  /// Writes to what is open already.
  init(_ descriptor: Int32) {
    self.descriptor = descriptor
    Self.opened.withLock { $0.append(self) }
  }

  /// Adds to a file, which is made if there is none.
  convenience init(file: String) throws(CommandFailure) {
    self.init(try Self.open(file))
  }

  /// Goes on in the file that has this name now: a log that was moved aside is left to whoever moved it.
  func reopen(file: String) throws(CommandFailure) {
    let new = try Self.open(file)
    defer { close(new) }
    let isDone = writing.withLock { _ in dup2(new, descriptor) >= 0 && fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0 }
    guard isDone else { throw CommandFailure("the log file \(file) cannot be opened again (\(String(cString: strerror(errno))))") }
  }

  private static func open(_ file: String) throws(CommandFailure) -> Int32 {
    let descriptor = Glibc.open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o640)
    guard descriptor >= 0 else {
      throw CommandFailure("the log file \(file) cannot be opened (\(String(cString: strerror(errno)))): name one that can be written")
    }
    return descriptor
  }

  /// Adds a line. It is written in a moment, or, when it is urgent, before this returns.
  func add(_ line: String, isUrgent: Bool) {
    let isFirst = state.withLock { state in
      if state.lines.count + line.utf8.count > Self.most { state.leftOut += 1 } else { state.lines.append(contentsOf: line.utf8) }
      defer { state.isWriteDue = true }
      return !state.isWriteDue
    }
    if isUrgent { return flush() }
    if isFirst { queue.asyncAfter(deadline: .now() + Self.gathering) { self.flush() } }
  }

  /// Writes what was gathered.
  func flush() {
    writing.withLock { _ in
      var rest = state.withLock { $0.take() }[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        if count < 0, errno != EINTR { break }
        rest = rest.dropFirst(max(0, count))
      }
    }
  }
}

extension LogOutput.State {
  fileprivate mutating func take() -> [UInt8] {
    if leftOut > 0 { lines.append(contentsOf: "\(leftOut) lines are left out here: nobody read the log\n".utf8) }
    defer { self = LogOutput.State() }
    return lines
  }
}
