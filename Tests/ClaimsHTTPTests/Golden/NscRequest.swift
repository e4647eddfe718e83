import Foundation
import TestSupport

/// A request that nsc made of nats-account-server, and the status of its answer.
struct NscRequest: Sendable {
  /// What nsc was asked to do.
  let command: String
  let method: String
  let path: String
  let fields: [String]
  let status: Int

  /// All requests of the fixture that the peer answered by itself, and was not forced to.
  static func all() throws -> [NscRequest] {
    try Repository.text("Tests/Fixtures/nsc-http.md").components(separatedBy: "\n### ").dropFirst().flatMap { section -> [NscRequest] in
      let parts = section.components(separatedBy: "```\n")
      guard parts.count > 1, !section.contains("with the server forced") else { return [] }
      return requests(String(section.split(separator: "`").dropFirst().first ?? ""), parts[1].components(separatedBy: "\n"))
    }
  }

  private static func requests(_ command: String, _ lines: [String]) -> [NscRequest] {
    var requests: [NscRequest] = []
    var request: [String] = []
    for line in lines {
      if line.hasPrefix("> ") { request.append(String(line.dropFirst(2))) }
      guard line.hasPrefix("< "), let status = Int(line.dropFirst(2).prefix { $0.isNumber }), let first = request.first else { continue }
      let words = first.split(separator: " ").map(String.init)
      let fields = request.dropFirst().filter { !$0.hasPrefix("(") && !$0.hasPrefix("Content-Length") }
      requests.append(NscRequest(command: command, method: words[0], path: words[1], fields: Array(fields), status: status))
      request = []
    }
    return requests
  }
}
