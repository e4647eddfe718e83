import Dispatch
import Foundation
import Glibc
import Synchronization

/// Where log lines go, in as few writes as it takes.
///
/// A busy server accepts thousands of changes a second, each with a line. They are gathered for a moment and written together, so that a push
/// does not wait for whoever reads the log; what must not be lost is written at once, with all that came before it.
final class LogOutput: Sendable {
  private struct State {
    var lines: [UInt8] = []
    var isWriteDue = false
  }

  /// How long lines are gathered.
  private static let gathering = DispatchTimeInterval.milliseconds(10)
  /// The most bytes that are gathered.
  private static let most = 256 << 10

  /// Standard error.
  static let standardError: LogOutput = {
    atexit { LogOutput.standardError.flush() }
    return LogOutput(STDERR_FILENO)
  }()

  private let descriptor: Int32
  private let state = Mutex(State())
  private let queue = DispatchQueue(label: "nats-claims log")

  init(_ descriptor: Int32) {
    self.descriptor = descriptor
  }

  /// Adds a line. It is written in a moment, or before this returns.
  func add(_ line: String, isUrgent: Bool) {
    let (isFull, isFirst) = state.withLock { state in
      state.lines.append(contentsOf: line.utf8)
      defer { state.isWriteDue = true }
      return (state.lines.count > Self.most, !state.isWriteDue)
    }
    if isUrgent || isFull { return flush() }
    if isFirst { queue.asyncAfter(deadline: .now() + Self.gathering) { self.flush() } }
  }

  /// Writes what was gathered. Lines stay in their order: whoever writes keeps the others out.
  func flush() {
    state.withLock { state in
      state.isWriteDue = false
      var rest = state.lines[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        if count < 0, errno != EINTR { break }
        rest = rest.dropFirst(max(0, count))
      }
      state.lines.removeAll(keepingCapacity: true)
    }
  }
}
