import ArgumentParser
import Claims
import ClaimsNATS
import ClaimsRegistry

/// Prints what servers replied, and tells what went wrong.
struct FleetReport {
  /// The replies, in the order of the servers' names.
  let replies: [FleetReply]
  private let unreadable: Int
  private let passedOver: Int

  init(_ replies: SystemSession.FleetReplies) {
    self.replies = replies.readable.sorted { ($0.server.label, $0.server.id) < ($1.server.label, $1.server.id) }
    unreadable = replies.unreadable
    passedOver = replies.passedOver
  }

  /// Prints a table for people.
  func printTable(_ table: ReplyTable) {
    for line in TextTable(titles: table.titles, rows: table.rows).lines { Console.print(line) }
  }

  /// Prints one array, an element a line.
  static func printJSON(_ elements: [JSONValue]) {
    let lines = elements.map(\.jsonText)
    Console.print(lines.isEmpty ? "[]" : "[\n\(lines.joined(separator: ",\n"))\n]")
  }

  /// Prints the replies as they came, but for tokens, in whose place their claims stand.
  func printReplies() {
    Self.printJSON(replies.map { TokenText.withoutTokens($0.body) })
  }

  /// Ends with exit code 1 when a reply is an error or not readable, or there were too many.
  func conclude() throws {
    var isGood = unreadable == 0 && passedOver == 0
    if passedOver > 0 { Console.note("\(passedOver) more replies came than there is room for: this is not the whole answer") }
    if unreadable > 0 { Console.note("\(unreadable) replies could not be read") }
    for reply in replies {
      guard let error = reply.error else { continue }
      Console.note("\(PlainText.line(reply.server.label)): \(error)")
      isGood = false
    }
    if !isGood { throw ExitCode.failure }
  }
}
