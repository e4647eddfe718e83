/// Text that came from anyone, made fit for a log line or an error: one line, no control characters, not too long.
public enum PlainText {
  /// The text with control characters, line separators and format characters as blanks, and cut behind `limit` characters.
  public static func line(_ text: String, limit: Int = 200) -> String {
    // What nearly always comes is printable ASCII, which needs no look at Unicode's tables.
    if text.utf8.count <= limit, text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) { return text }
    var line = String.UnicodeScalarView()
    for (count, scalar) in text.unicodeScalars.enumerated() {
      guard count < limit else {
        line.append("…")
        break
      }
      line.append(isPlain(scalar) ? scalar : " ")
    }
    return String(line)
  }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: false
    default: true
    }
  }
}
