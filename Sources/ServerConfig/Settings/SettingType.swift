/// How the values of a setting are written and shown.
struct SettingType<Value: Sendable>: Sendable {
  /// What kind of value it is, as the table of keys says it.
  let name: String
  /// What a number without a unit means; empty where there is none.
  let unit: String
  /// What may be written, for messages.
  let expectation: String
  /// The value of what is written in a file, or as text in a flag or an environment variable; nil when it is not of this type.
  let read: @Sendable (ConfigValue) -> Value?
  /// The value as text, or the values of a list; empty when there is none.
  let text: @Sendable (Value) -> [String]
}

extension SettingType {
  /// The same for a setting that may be left out.
  var optional: SettingType<Value?> {
    SettingType<Value?>(
      name: name, unit: unit, expectation: expectation, read: { value in read(value).map { .some($0) } }, text: { $0.map(text) ?? [] })
  }
}

extension SettingType where Value == String {
  static let text = Self.words("text", expectation: "text")
  static let path = Self.words("path", expectation: "the path of a file or folder")
  /// The URL of a server over HTTP. A user in it would be sent to nobody, and be written into the audit.
  static let url = SettingType(
    name: "URL", unit: "", expectation: "an http or https URL without a user",
    read: { value in
      guard case .text(let text) = value.content, !text.contains("@"),
        ["http://", "https://"].contains(where: { text.hasPrefix($0) && text != $0 })
      else { return nil }
      return text
    }, text: { [$0] })

  private static func words(_ name: String, expectation: String) -> Self {
    SettingType(
      name: name, unit: "", expectation: expectation,
      read: { value in if case .text(let text) = value.content, !text.isEmpty { text } else { nil } }, text: { [$0] })
  }
}

extension SettingType where Value == [String] {
  /// Paths: one alone, or a list of them.
  static let paths = Self.list("path or list of paths", expectation: "a path or a list of paths") { [$0] }
  /// URLs: a list of them, or text with commas between.
  static let urls = Self.list("URL or list of URLs", expectation: "a URL or a list of URLs") { text in
    text.split(separator: ",").map { String($0.trimmingPrefix(" ")) }
  }

  /// Origins as browsers send them: scheme, host and port, without a path; or `*`.
  static let origins = SettingType(
    name: "origin or list of origins", unit: "", expectation: "an origin such as https://console.example, a list of them, or *",
    read: { value in
      urls.read(value).flatMap { origins in
        origins.allSatisfy { $0 == "*" || $0.wholeMatch(of: /https?:\/\/[^\/@]+/) != nil } ? origins : nil
      }
    }, text: { $0 })

  private static func list(_ name: String, expectation: String, split: @escaping @Sendable (String) -> [String]) -> Self {
    SettingType(
      name: name, unit: "", expectation: expectation,
      read: { value in
        switch value.content {
        case .text(let text): text.isEmpty ? nil : split(text)
        case .array(let values):
          values.reduce(into: [] as [String]?) { list, value in
            guard case .text(let text) = value.content, !text.isEmpty else {
              list = nil
              return
            }
            list?.append(contentsOf: split(text))
          }
        default: nil
        }
      }, text: { $0 })
  }
}

extension SettingType where Value == Bool {
  static let boolean = SettingType(
    name: "boolean", unit: "", expectation: "true or false (or yes, on, no, off)",
    read: { value in
      switch value.content {
      case .boolean(let boolean): boolean
      case .text(let text): BareWord.boolean(text)
      default: nil
      }
    }, text: { ["\($0)"] })
}

extension SettingType where Value: CaseIterable & RawRepresentable<String> {
  /// One of a few words, in any case.
  static var choice: Self {
    SettingType(
      name: Value.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", "), unit: "",
      expectation: "one of " + Value.allCases.map(\.rawValue).joined(separator: ", "),
      read: { value in if case .text(let text) = value.content { Value(rawValue: text.lowercased()) } else { nil } },
      text: { [$0.rawValue] })
  }
}

extension SettingType where Value == Int {
  /// A whole number in a range.
  static func count(_ range: ClosedRange<Int>) -> Self {
    let limit = range.upperBound == .max ? "of at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
    return SettingType(
      name: "count", unit: "", expectation: "a whole number \(limit)",
      read: { value in integer(value).flatMap { range.contains($0) ? $0 : nil } }, text: { ["\($0)"] })
  }

  /// A number of bytes in a range.
  static func size(_ range: ClosedRange<Int>) -> Self {
    let limit = range.upperBound == .max ? "" : ", from \(range.lowerBound) to \(range.upperBound)"
    return SettingType(
      name: "size", unit: "bytes", expectation: "a number of bytes, such as 16MiB\(limit)",
      read: { value in
        let bytes: Int? =
          switch value.content {
          case .integer(let number): Int(exactly: number)
          case .text(let text): ByteSize(text)?.bytes
          default: nil
          }
        return bytes.flatMap { range.contains($0) ? $0 : nil }
      }, text: { ["\($0)"] })
  }

  /// A number of days, at least 1.
  static let days = SettingType(
    name: "days", unit: "days", expectation: "a number of days of at least 1, such as 400d",
    read: { value in
      let days =
        if case .text(let text) = value.content, text.hasSuffix("d") { Int(text.dropLast()) } else { integer(value) }
      return days.flatMap { $0 >= 1 ? $0 : nil }
    }, text: { ["\($0)d"] })

  private static func integer(_ value: ConfigValue) -> Int? {
    switch value.content {
    case .integer(let number): Int(exactly: number)
    case .text(let text): Int(text)
    default: nil
    }
  }
}

extension SettingType where Value == Duration {
  /// A span of time; a number alone means milliseconds, as with the peer.
  static let milliseconds = span(.milliseconds(1), unit: "milliseconds", range: .zero ... .seconds(86_400))

  /// A span of time; a number alone means `unit`.
  static func span(_ one: Duration, unit: String, range: ClosedRange<Duration>) -> Self {
    SettingType(
      name: "duration", unit: unit,
      expectation: "a number of \(unit) or a duration such as 5s, at most \(DurationText.text(range.upperBound))",
      read: { value in
        let duration: Duration? =
          switch value.content {
          // `5m` is five minutes here, and not the five million that it is as a number.
          case .integer(let number):
            value.word.flatMap(DurationText.duration) ?? ((0...Int64(Int32.max)).contains(number) ? one * Int(number) : nil)
          case .text(let text): Int32(text).map { one * Int($0) } ?? DurationText.duration(text)
          default: nil
          }
        return duration.flatMap { range.contains($0) ? $0 : nil }
      }, text: { [DurationText.text($0)] })
  }
}
