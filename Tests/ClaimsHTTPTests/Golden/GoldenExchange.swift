import Foundation
import TestSupport

/// A request to nats-account-server and its answer, as they went over the wire.
struct GoldenExchange: Sendable {
  /// The heading above the title.
  let group: String
  let title: String
  let method: String
  let path: String
  let fields: [(name: String, value: String)]
  /// What was sent, in words; nil when the request had no body.
  let body: String?
  let answer: GoldenAnswer?

  /// All exchanges of the fixture, in its order.
  static func all() throws -> [GoldenExchange] {
    var group = ""
    var exchanges: [GoldenExchange] = []
    for part in try Repository.text("Tests/Fixtures/http-golden.md").components(separatedBy: "\n## ").dropFirst() {
      group = String(part.prefix { $0 != "\n" })
      for section in part.components(separatedBy: "\n### ").dropFirst() { exchanges.append(GoldenExchange(group, section)) }
    }
    return exchanges
  }

  private init(_ group: String, _ section: String) {
    self.group = group
    title = String(section.prefix { $0 != "\n" })
    let blocks = section.components(separatedBy: "```\n")
    let lines = blocks.count > 1 ? blocks[1].components(separatedBy: "\n") : []
    let request = lines.filter { $0.hasPrefix("> ") }.map { String($0.dropFirst(2)) }
    let words = (request.first ?? "").split(separator: " ")
    method = words.first.map(String.init) ?? ""
    path = words.dropFirst().first.map(String.init) ?? ""
    fields = request.dropFirst().filter { !$0.hasPrefix("(") }.compactMap(Self.field)
    body = request.first { $0.hasPrefix("(body: ") }.map { line in
      String(line.dropFirst("(body: ".count).prefix(upTo: line.range(of: ", ", options: .backwards)?.lowerBound ?? line.endIndex))
    }
    answer = GoldenAnswer(lines)
  }

  static func field(_ line: String) -> (name: String, value: String)? {
    guard let colon = line.firstIndex(of: ":") else { return nil }
    return (String(line[..<colon]), line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces))
  }
}

/// An answer: of the peer from the fixture, or of ours from the wire.
struct GoldenAnswer: Sendable {
  let status: Int
  /// The fields by their names in lower case, without those that belong to the moment or to the connection.
  let fields: [String: String]
  let body: String

  private static let passing: Set = ["date", "content-length", "connection", "transfer-encoding"]

  /// The answer in the lines of a block of the fixture; nil when the connection was dropped without one.
  init?(_ lines: [String]) {
    let head = lines.filter { $0.hasPrefix("< ") }.map { String($0.dropFirst(2)) }
    guard let status = Self.status(head.first) else { return nil }
    self.status = status
    fields = Self.fields(head.dropFirst())
    let text = lines.drop { $0 != "<" }.dropFirst().prefix { !$0.hasPrefix("(body ") && !$0.hasPrefix("... [") }
    let hasLineFeed = lines.contains { $0.hasPrefix("(body ") && $0.contains("ends with LF") }
    body = text.joined(separator: "\n") + (hasLineFeed ? "\n" : "")
  }

  /// The answer in what came over a connection.
  init?(received: String) {
    guard let end = received.range(of: "\r\n\r\n") else { return nil }
    let head = received[..<end.lowerBound].components(separatedBy: "\r\n")
    guard let status = Self.status(head.first) else { return nil }
    self.status = status
    fields = Self.fields(head.dropFirst())
    body = String(received[end.upperBound...])
  }

  private static func status(_ line: String?) -> Int? {
    line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
  }

  private static func fields(_ lines: some Sequence<String>) -> [String: String] {
    let fields = lines.compactMap(GoldenExchange.field).map { ($0.name.lowercased(), $0.value) }
    return Dictionary(fields.filter { !passing.contains($0.0) }, uniquingKeysWith: { "\($0), \($1)" })
  }
}
