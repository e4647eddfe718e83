/// What an account exports or imports.
public enum ExportKind: String, Hashable, Sendable {
  /// Not said. Any other text than the two below is refused when claims are read.
  case unknown
  /// Messages from the exporter.
  case stream
  /// Requests to the exporter and its answers.
  case service
}

extension ExportKind: JSONMember {
  init() { self = .unknown }

  var isEmptyMember: Bool { self == .unknown }

  /// Unlike other members, `null` is refused like an unknown text.
  mutating func read(_ json: JSONCursor) throws(ClaimsError) {
    let text = json.isNull ? "" : try json.string()
    switch text {
    case "stream": self = .stream
    case "service": self = .service
    default: throw ClaimsError(.json, "unknown export type \(GoText.quoted(text))")
    }
  }

  func write(to json: inout JSONWriter) { json.string(rawValue) }
}
