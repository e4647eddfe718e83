import ArgumentParser

/// How long to wait: `2s`, `500ms`, or a number of seconds; a minute at most, as the server allows it.
struct WaitTime: ExpressibleByArgument {
  let milliseconds: Int64

  /// What is waited when nothing is said.
  static let standard = WaitTime(milliseconds: 5000)

  private init(milliseconds: Int64) { self.milliseconds = milliseconds }

  init?(argument: String) {
    let digits = argument.prefix { ("0"..."9").contains($0) }
    guard let count = Int64(digits), count <= 60_000 else { return nil }
    switch argument.dropFirst(digits.count) {
    case "ms": milliseconds = count
    case "s", "": milliseconds = count * 1000
    default: return nil
    }
    guard milliseconds <= 60_000 else { return nil }
  }
}
