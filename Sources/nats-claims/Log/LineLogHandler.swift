import Foundation
import Glibc
import Logging
import Synchronization

/// Writes log events as lines: time, level, label, metadata sorted by name, source and message.
struct LineLogHandler: LogHandler {
  var logLevel = Logger.Level.info
  var metadata = Logger.Metadata()
  var metadataProvider: Logger.MetadataProvider?
  private static let usualLength = 400
  private let label: String
  private let output: LogOutput

  init(label: String, output: LogOutput) {
    self.label = label
    self.output = output
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    var facts = event.metadata ?? [:]
    if !metadata.isEmpty { facts.merge(metadata) { explicit, _ in explicit } }
    if let provided = metadataProvider?.get() { facts.merge(provided) { explicit, _ in explicit } }
    if let error = event.error { facts["error"] = "\(error)" }
    var line = ""
    line.reserveCapacity(Self.usualLength)
    line += "\(LogTime.shared.text(time(nil))) \(event.level.rawValue) \(label):"
    for (name, value) in facts.sorted(by: { $0.key < $1.key }) {
      line += " "
      line += name
      line += "="
      line += value.description
    }
    line += " [\(event.source)] \(event.message)\n"
    // Lines of single changes may wait for a moment; the rest is rare, and is what one looks for after a crash.
    output.add(line, isUrgent: event.level >= .notice)
  }
}

/// The text of a second in local time, made once a second.
private final class LogTime: Sendable {
  static let shared = LogTime()

  private let cached = Mutex<(second: time_t, text: String)>((-1, ""))

  func text(_ now: time_t) -> String {
    cached.withLock { cached in
      if cached.second != now { cached = (now, Self.format(now)) }
      return cached.text
    }
  }

  private static func format(_ second: time_t) -> String {
    var second = second
    var local = tm()
    localtime_r(&second, &local)
    var text = [CChar](repeating: 0, count: 64)
    let count = strftime(&text, text.count, "%Y-%m-%dT%H:%M:%S%z", &local)
    return String(decoding: text[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
