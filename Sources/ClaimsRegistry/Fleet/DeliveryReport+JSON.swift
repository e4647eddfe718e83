public import Claims

extension Duration {
  /// Milliseconds, to the microsecond.
  public var inMilliseconds: Double { ((self / .microseconds(1)).rounded()) / 1000 }
}

extension DeliveryReport {
  /// The report for programs.
  public var json: JSONValue {
    .object([
      .init("sequence", .integer(sequence)), .init("confirmed", .bool(isConfirmed)), .init("text", .string(text)),
      .init("repetitions", .integer(Int64(repetitions))), .init("unseen", .array(unseen.map { .string($0) })),
      .init("doubt", doubt.map { .string($0.text) } ?? .null),
      .init(
        "servers",
        .array(
          lines.map { line in
            .object([
              .init("id", .string(line.id)), .init("name", .string(line.name)), .init("outcome", .string(line.outcome.name)),
              .init("reply", Self.reply(line.outcome)), .init("ms", line.after.map { .double($0.inMilliseconds) } ?? .null),
            ])
          })),
    ])
  }

  private static func reply(_ outcome: Outcome) -> JSONValue {
    if case .refused(let text) = outcome { .string(text) } else { .null }
  }
}
