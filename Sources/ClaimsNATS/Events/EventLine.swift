public import Claims

/// An event as commands print it.
public struct EventLine: Sendable {
  private let reading: EventReading
  private let arrival: String
  private var event: SystemEvent { reading.event }

  /// Takes an event, and the time it came, which stands for that of claims: they tell none.
  public init(_ reading: EventReading, arrival: String) {
    self.reading = reading
    self.arrival = arrival
  }

  /// One line for people: time, kind, account, server and what matters of the kind, with two blanks between. It holds no token.
  public var text: String {
    let kind = event.kind.rawValue.padding(to: 15)
    let name = reading.accountName.map { " (\($0))" } ?? ""
    let account = reading.accounts.count == 1 ? reading.accounts.joined() + name : "-"
    return [EventTime.text(time), kind, account, event.server?.label ?? "-", reading.facts.joined(separator: ", ")].joined(separator: "  ")
  }

  /// One object for programs: `kind`, `time`, `account` or `accounts`, `subject`, and what was sent as `event`.
  ///
  /// Tokens are not in it: where one was, its claims are, without a signature; so a member `jwt` is an object, and the event of an update
  /// is its claims.
  public var json: JSONValue {
    var members: [JSONValue.Member] = [.init("kind", .string(event.kind.rawValue)), .init("time", .string(time))]
    if event.kind == .delete {
      members.append(.init("accounts", .array(reading.accounts.map { .string($0) })))
    } else if let account = reading.accounts.first {
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
