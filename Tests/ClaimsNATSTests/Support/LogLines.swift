import Logging
import Synchronization

/// Keeps what is logged.
final class LogLines: Sendable {
  struct Line: Sendable {
    let level: Logger.Level
    let text: String
  }

  private let lines = Mutex<[Line]>([])

  /// A logger that writes here, at every level.
  var logger: Logger {
    Logger(label: "test") { _ in Handler(lines: self) }
  }

  /// The lines at a level and above, with their metadata.
  func lines(from level: Logger.Level) -> [String] {
    lines.withLock { $0.filter { $0.level >= level }.map(\.text) }
  }

  private struct Handler: LogHandler {
    let lines: LogLines
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      let facts = (event.metadata ?? [:]).map { "\($0.key)=\($0.value)" }.sorted().joined(separator: " ")
      lines.lines.withLock { $0.append(Line(level: event.level, text: "\(event.message) \(facts)")) }
    }
  }
}
