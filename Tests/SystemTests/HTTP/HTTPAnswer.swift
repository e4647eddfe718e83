import Foundation
import TestSupport

/// An HTTP answer.
struct HTTPAnswer: Sendable {
  let status: Int
  let fields: [(name: String, value: String)]
  let body: [UInt8]

  var text: String { String(decoding: body, as: UTF8.self) }

  /// The value of a field; of several with the same name the first.
  subscript(_ name: String) -> String? {
    fields.first { $0.name.lowercased() == name.lowercased() }?.value
  }

  /// Reads an answer from the start of these bytes; nil when it is not whole yet.
  static func parse(_ bytes: [UInt8], toHead: Bool, isClosed: Bool) throws -> (answer: HTTPAnswer, length: Int)? {
    guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
    let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
    let parts = lines[0].split(separator: " ", maxSplits: 2)
    guard parts.count >= 2, parts[0].hasPrefix("HTTP/1."), let status = Int(parts[1]) else {
      throw SetupError("no HTTP answer: \(lines[0].debugDescription)")
    }
    let fields = lines.dropFirst().map { line -> (name: String, value: String) in
      let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      return (String(parts[0]), parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : "")
    }
    let head = HTTPAnswer(status: status, fields: fields, body: [])
    let rest = bytes[end.upperBound...]
    if toHead || status == 304 || status < 200 { return (head, end.upperBound) }
    if let length = head["Content-Length"].flatMap({ Int($0) }) {
      guard rest.count >= length else { return nil }
      return (HTTPAnswer(status: status, fields: fields, body: Array(rest.prefix(length))), end.upperBound + length)
    }
    if head["Transfer-Encoding"]?.lowercased() == "chunked" {
      guard let (body, length) = try chunks(Array(rest)) else { return nil }
      return (HTTPAnswer(status: status, fields: fields, body: body), end.upperBound + length)
    }
    guard isClosed else { return nil }
    return (HTTPAnswer(status: status, fields: fields, body: Array(rest)), bytes.count)
  }

  private static func chunks(_ bytes: [UInt8]) throws -> (body: [UInt8], length: Int)? {
    let lineEnd = Array("\r\n".utf8)
    var body: [UInt8] = []
    var position = 0
    while let end = bytes[position...].firstRange(of: lineEnd) {
      let text = String(decoding: bytes[position..<end.lowerBound], as: UTF8.self)
      guard let size = Int(text, radix: 16) else { throw SetupError("no chunk size: \(text.debugDescription)") }
      let next = end.upperBound + size + lineEnd.count
      guard bytes.count >= next else { return nil }
      if size == 0 { return (body, next) }
      body += bytes[end.upperBound..<end.upperBound + size]
      position = next
    }
    return nil
  }
}
