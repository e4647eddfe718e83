import Foundation

/// A file of tokens to push, a line `KEY|TOKEN` an account.
enum Pack {
  typealias Line = (key: Substring, token: Substring)

  static func lines(_ path: String, from: Int, count: Int) throws -> [Line] {
    let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    let lines = text.split(separator: "\n").dropFirst(from).prefix(count)
    guard lines.count == count else { throw BenchFailure("\(path) holds no \(count) lines after \(from)") }
    return try lines.map { line in
      let parts = line.split(separator: "|")
      guard parts.count == 2 else { throw BenchFailure("\(path) holds a line that is not KEY|TOKEN") }
      return (parts[0], parts[1])
    }
  }

  /// The bytes of the request that pushes a line.
  static func request(_ line: Line) -> [UInt8] {
    Array(
      "POST /jwt/v1/accounts/\(line.key) HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: \(line.token.utf8.count)\r\n\r\n\(line.token)".utf8)
  }
}
