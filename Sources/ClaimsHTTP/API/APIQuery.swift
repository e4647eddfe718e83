import Claims
import ClaimsRegistry
import Hummingbird

/// The parameters of a request's query. One that is not known, or is there twice, is told: a filter that is misspelled would pass everything.
struct APIQuery: Sendable {
  private let values: [String: String]

  init(_ request: Request, _ names: [String]) throws(Problem) {
    var values: [String: String] = [:]
    for (name, value) in request.uri.queryParameters {
      let name = String(name)
      guard names.contains(name) else {
        let known = names.isEmpty ? "this path takes none" : "this path takes \(names.joined(separator: ", "))"
        throw .badParameter(name, "is not known: \(known)")
      }
      guard values.updateValue(String(value), forKey: name) == nil else { throw .badParameter(name, "is there twice") }
    }
    self.values = values
  }

  func text(_ name: String) -> String? { values[name] }

  func count(_ name: String, in range: ClosedRange<Int64>, standard: Int64) throws(Problem) -> Int64 {
    guard let text = values[name] else { return standard }
    guard let count = Self.digits(text), range.contains(count) else {
      throw .badParameter(name, "must be a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return count
  }

  func flag(_ name: String) throws(Problem) -> Bool {
    switch values[name] {
    case nil, "false": return false
    case "true": return true
    default: throw .badParameter(name, "must be true or false")
    }
  }

  func account(_ name: String) throws(Problem) -> AccountKey? {
    guard let text = values[name] else { return nil }
    do {
      return try AccountKey(text)
    } catch {
      throw .badParameter(name, "must be an account's key: \(error.message)")
    }
  }

  func choice<Choice: RawRepresentable & CaseIterable>(_ name: String, of type: Choice.Type) throws(Problem) -> Choice?
  where Choice.RawValue == String {
    guard let text = values[name] else { return nil }
    guard let choice = Choice(rawValue: text) else {
      throw .badParameter(name, "must be one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return choice
  }

  /// A time, in milliseconds since 1970.
  func time(_ name: String, now: Int64) throws(Problem) -> Int64? {
    guard let text = values[name] else { return nil }
    guard let time = TimePoint(text, now: now) else {
      throw .badParameter(name, "must be a time: 2026-11-22T09:01:12Z, seconds since 1970, or how long ago, such as 15m")
    }
    return time.milliseconds
  }

  /// A span, in milliseconds.
  func span(_ name: String) throws(Problem) -> Int64? {
    guard let text = values[name] else { return nil }
    guard let span = TimePoint.duration(text) else { throw .badParameter(name, "must be a span such as 12h, 30d or 2w") }
    return span
  }

  /// How long to wait: `2s`, `500ms`, or a number of seconds; a minute at most.
  func wait(_ name: String) throws(Problem) -> Duration? {
    guard let text = values[name] else { return nil }
    guard let wait = WaitSpan(text) else { throw .badParameter(name, WaitSpan.expectation) }
    return wait.duration
  }

  /// A number of digits alone: a sign or a blank is a mistake.
  private static func digits(_ text: String) -> Int64? {
    text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int64(text) : nil
  }
}
