public import Claims

/// An event as commands print it.
public struct EventLine: Sendable {
  private let event: SystemEvent
  private let arrival: String

  /// Takes an event, and the time it came, which stands for that of claims: they tell none.
  public init(_ event: SystemEvent, arrival: String) {
    self.event = event
    self.arrival = arrival
  }

  /// One line for people: time, kind, account, server and what matters of the kind, with two blanks between. It holds no token.
  public var text: String {
    let kind = event.kind.rawValue.padding(to: 15)
    let name = event.accountName.map { " (\($0))" } ?? ""
    let account = event.accounts.count == 1 ? event.accounts.joined() + name : "-"
    return [EventTime.text(time), kind, account, event.server?.label ?? "-", event.facts.joined(separator: ", ")].joined(separator: "  ")
  }

  /// One object for programs: `kind`, `time`, `account` or `accounts`, `subject`, and what was sent as `event`.
  ///
  /// Tokens are not in it: where one was, its claims are, without a signature; so a member `jwt` is an object, and the event of an update
  /// is its claims.
  public var json: JSONValue {
    var members: [JSONValue.Member] = [.init("kind", .string(event.kind.rawValue)), .init("time", .string(time))]
    if event.kind == .delete {
      members.append(.init("accounts", .array(event.accounts.map { .string($0) })))
    } else if let account = event.accounts.first {
      members.append(.init("account", .string(account)))
    }
    members.append(.init("subject", .string(event.subject)))
    let body = event.body.map { TokenText.withoutTokens($0) } ?? event.token.flatMap { TokenText.claims($0) }
    members.append(.init("event", body ?? .null))
    return .object(members)
  }

  private var time: String { event.time.isEmpty ? arrival : event.time }
}

extension String {
  /// The text with blanks behind it, up to a width.
  fileprivate func padding(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
