import Foundation

/// A file of tokens to push, a line `KEY|TOKEN` an account.
public enum Pack {
  /// An account and its token.
  public typealias Line = (key: Substring, token: Substring)

  /// The lines of a file, `count` of them after `from`, or all.
  ///
  /// Throws `BenchFailure` when there are not as many, and the error of reading the file.
  public static func lines(_ path: String, from: Int = 0, count: Int? = nil) throws -> [Line] {
    let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    let lines = text.split(separator: "\n").dropFirst(from).prefix(count ?? .max)
    guard !lines.isEmpty, lines.count == count ?? lines.count else {
      throw BenchFailure("\(path) holds no \(count ?? 1) lines after \(from)")
    }
    return try lines.map { line in
      let parts = line.split(separator: "|")
      guard parts.count == 2 else { throw BenchFailure("\(path) holds a line that is not KEY|TOKEN") }
      return (parts[0], parts[1])
    }
  }
}
