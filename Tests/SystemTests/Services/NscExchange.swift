import Foundation
import TestSupport
import Testing

/// What nsc sent in one run over `nats://`, and what it was answered, as captured in `Tests/Fixtures/nsc-nats.md`.
struct NscExchange: Sendable, CustomTestStringConvertible {
  /// A message of the capture.
  struct Message: Sendable {
    let subject: String
    /// Where the answer goes; nil for an answer.
    let reply: String?
    let payload: String
  }

  let title: String
  /// How many full resolvers there were.
  let resolvers: Int
  let messages: [Message]

  var testDescription: String { title }

  /// The requests, each with the answers that came.
  var requests: [(request: Message, answers: [Message])] {
    messages.filter { $0.reply != nil }.map { request in
      (request, messages.filter { $0.reply == nil && $0.subject == request.reply })
    }
  }

  /// Every run of the capture that sent anything.
  static func all() throws -> [NscExchange] {
    try Repository.text("Tests/Fixtures/nsc-nats.md").components(separatedBy: "\n## ").dropFirst().flatMap { part in
      let resolvers = part.prefix { $0 != "\n" }.contains("two full resolvers") ? 2 : 1
      return part.components(separatedBy: "\n### ").dropFirst().map { section in
        let title = section.prefix { $0 != "\n" }
        return NscExchange(
          title: String(title), resolvers: resolvers, messages: section.split(separator: "\n").compactMap(Self.message))
      }
    }
    .filter { !$0.messages.isEmpty }
  }

  /// A line such as `[   0 ms] $SYS.REQ.CLAIMS.LIST reply=<inbox1> (0 bytes) (empty)`.
  private static func message(_ line: Substring) -> Message? {
    guard let match = line.wholeMatch(of: #/\[ *[0-9]+ ms\] (\S+)(?: reply=(\S+))? \([0-9]+ bytes\) (.*)/#) else { return nil }
    let payload = String(match.3)
    return Message(subject: String(match.1), reply: match.2.map(String.init), payload: payload == "(empty)" ? "" : payload)
  }
}
