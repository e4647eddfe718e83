public import Claims
public import ClaimsStore

extension LoggedChange {
  /// The record for programs, its members by name. `expires` is null for never, `bytes` when the token's bytes were given up.
  public var json: JSONValue {
    let change = record.change
    return .object([
      .init("account", .string(change.subject.text)), .init("actor", .string(change.actor)),
      .init("bytes", size.map { .integer(Int64($0)) } ?? .null), .init("chain", .string(LogHead.hex(record.chain))),
      .init("digest", .string(change.digest.hex)), .init("expires", change.expires > 0 ? .integer(change.expires) : .null),
      .init("generation", .integer(change.generation)), .init("issuer", .string(change.issuer)), .init("jti", .string(change.jti)),
      .init("kind", .string(change.kind.name)), .init("mark", .integer(change.iat)), .init("owner", .string(change.owner)),
      .init("sequence", .integer(record.sequence)), .init("time", .string(TimePoint.text(milliseconds: change.time))),
    ])
  }
}

extension ChangeRecord {
  /// The record as the audit shows it.
  public var logged: LoggedChange { LoggedChange(record: self, size: change.token?.bytes.count) }
}
