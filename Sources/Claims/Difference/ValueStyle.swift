/// How a value of claims is shown to people.
enum ValueStyle: Sendable {
  /// A text in quotes.
  case text
  /// A key, a subject or another text that needs no quotes.
  case plain
  /// A number, of which -1 means no limit; one that is not there is 0.
  case limit
  /// As a limit, a number of bytes.
  case bytes
  /// Yes or no.
  case flag
  /// Seconds since 1970; one that is not there means never.
  case time
  /// Nanoseconds.
  case duration
  /// A percentage, or the text `headers`.
  case percent
  /// Something that is not shown.
  case secret
  /// An object, a map or a list.
  case object
  /// Up to when claims are revoked: an entry of a map of revocations.
  case revocation

  /// The text of a value; nil stands for a member that is not there.
  func text(_ value: JSONValue?) -> String {
    switch (self, value) {
    case (.secret, let value): value == nil ? "none" : "(not shown)"
    case (.limit, let value), (.bytes, let value): number(value)
    case (.flag, let value): value?.bool ?? false ? "yes" : "no"
    case (.time, let value), (.revocation, let value): Self.time(value)
    case (.duration, let value): ClaimsDuration(nanoseconds: value?.integer ?? 0).description
    case (.percent, let value): value?.integer.map { "\($0)%" } ?? value?.text ?? "none"
    case (_, nil), (_, .null?): "none"
    case (.plain, .string(let text)?): text
    case (_, .string(let text)?): GoText.quoted(text)
    case (_, let value?): value.jsonText
    }
  }

  private func number(_ value: JSONValue?) -> String {
    let number = value == nil ? 0 : value?.integer
    switch number {
    case nil: return value?.jsonText ?? ""
    case -1: return "unlimited"
    case let number?: return self == .bytes ? Self.bytes(number) : String(number)
    }
  }

  private static func time(_ value: JSONValue?) -> String {
    guard let seconds = value?.integer, seconds != 0 else { return "never" }
    return Timestamp.text(seconds)
  }

  /// Whole kibibytes and more have their unit.
  private static func bytes(_ number: Int64) -> String {
    let units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"]
    var (count, unit) = (number, 0)
    while count != 0, count % 1024 == 0, unit + 1 < units.count { (count, unit) = (count / 1024, unit + 1) }
    return "\(count) \(units[unit])"
  }
}
