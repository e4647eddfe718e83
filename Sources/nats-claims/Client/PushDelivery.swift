import Claims
import ClaimsRegistry

/// What a server of ours answers to a push whose delivery is waited for.
struct PushDelivery {
  private let answer: JSONValue

  /// Reads the answer; nil when it is not of a server that knows of deliveries.
  init?(_ body: [UInt8]) {
    guard let answer = try? JSONReader().read(body), answer["trace"] != nil else { return nil }
    self.answer = answer
  }

  /// The line for people.
  var text: String { PlainText.line(answer["text"]?.text ?? "") }

  /// Whether every server that is known holds the change, and there is one.
  var isConfirmed: Bool { answer["delivery"]?["confirmed"]?.bool ?? false }

  /// The timeline: a line a step, in milliseconds from the beginning of the request.
  var timeline: [String] {
    (answer["trace"]?.elements ?? []).map { step in
      let name = PlainText.line([step["step"]?.text, step["server"]?.text].compactMap { $0 }.joined(separator: " "))
      return "  \(Self.milliseconds(step["ms"])) ms  \(name)"
    }
  }

  /// The whole answer.
  var json: String { answer.jsonText }

  private static func milliseconds(_ value: JSONValue?) -> String {
    let number: Double =
      switch value {
      case .double(let number)?: number
      case .integer(let number)?: Double(number)
      default: 0
      }
    let text = String(Int64((number * 1000).rounded()))
    let padded = String(repeating: "0", count: max(0, 4 - text.count)) + text
    let shown = "\(padded.dropLast(3)).\(padded.suffix(3))"
    return String(repeating: " ", count: max(0, 9 - shown.count)) + shown
  }
}
