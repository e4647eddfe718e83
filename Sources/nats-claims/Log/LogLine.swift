import Foundation
import Glibc
import Logging

/// A line of the log as text: nats-server's form, with the facts behind the message, or JSON.
struct LogLine {
  let style: LogStyle
  let time: timespec
  let level: Logger.Level
  let message: String
  /// The facts, sorted by name.
  let facts: [(name: String, value: String)]

  private static let usualLength = 400

  /// The line with its line feed.
  var text: String { style.isJSON ? json : plain }

  /// `[PID] 2006/01/02 15:04:05.000000 [INF] message name=value name="value with spaces"`.
  private var plain: String {
    var line = ""
    line.reserveCapacity(Self.usualLength)
    if style.showsProcess { line += "[\(getpid())] " }
    if style.showsTime { line += LogTime.text(time) + " " }
    line += style.isColoured ? "[\(level.colour)\(level.tag)\u{1B}[0m] " : "[\(level.tag)] "
    line += Self.onOneLine(message)
    for (name, value) in facts {
      line += " "
      line += name
      line += "="
      Self.append(value, to: &line)
    }
    line += "\n"
    return line
  }

  /// A value as it is, or in quotes when it is empty or has blanks, quotes or ASCII's control characters.
  private static func append(_ value: String, to line: inout String) {
    var (needsQuotes, isPlain) = (value.isEmpty, true)
    for byte in value.utf8 {
      let isQuote = byte == UInt8(ascii: "\"")
      if byte <= 0x20 || byte == 0x7F || isQuote { needsQuotes = true }
      if byte < 0x20 || byte >= 0x7F || isQuote || byte == UInt8(ascii: "\\") { isPlain = false }
    }
    let text = isPlain ? value : escaped(value, inQuotes: needsQuotes)
    line += needsQuotes ? "\"\(text)\"" : text
  }

  /// Nothing that is logged may begin a line of its own, or steer a terminal.
  private static func onOneLine(_ text: String) -> String {
    text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } ? text : escaped(text, inQuotes: false)
  }

  /// Scalar by scalar: a quote with a combining mark behind it is another character, and still ends what is quoted.
  private static func escaped(_ text: String, inQuotes: Bool) -> String {
    text.unicodeScalars.reduce(into: "") { escaped, scalar in
      if inQuotes, scalar == "\"" || scalar == "\\" { escaped += "\\" }
      escaped += isControl(scalar) ? scalar.escaped(asASCII: true) : String(scalar)
    }
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.generalCategory == .control }

  private var json: String {
    var object = ["time": LogTime.utc(time), "level": level.rawValue, "message": message]
    // A fact never takes the place of these three.
    for (name, value) in facts { object[object[name] == nil ? name : "fact_\(name)"] = value }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let bytes = try? encoder.encode(object) else { return plain }
    return String(decoding: bytes, as: UTF8.self) + "\n"
  }
}

extension Logger.Level {
  /// nats-server's three letters.
  fileprivate var tag: String {
    switch self {
    case .trace: "TRC"
    case .debug: "DBG"
    case .info, .notice: "INF"
    case .warning: "WRN"
    case .error: "ERR"
    case .critical: "FTL"
    }
  }

  /// The colour that nats-server gives them, as a terminal takes it.
  fileprivate var colour: String {
    switch self {
    case .trace: "\u{1B}[33m"
    case .debug: "\u{1B}[36m"
    case .info, .notice: "\u{1B}[32m"
    case .warning: "\u{1B}[0;93m"
    case .error, .critical: "\u{1B}[31m"
    }
  }
}
