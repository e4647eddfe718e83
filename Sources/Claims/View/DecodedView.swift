/// A token as people read it: header, payload and signature, as the account server of old showed it for `?decode=true`.
public enum DecodedView {
  private static let datedMembers: Set<String> = ["exp", "iat", "nbf"]

  /// The text: the header's JSON, the payload's JSON with sorted members and dates beside times, the signature's chunk.
  ///
  /// Nothing is verified. Throws `chunks`, `base64` or `json`.
  public static func describe(_ token: Token) throws(ClaimsError) -> String {
    var quirks: [StrictnessViolation] = []
    let chunks = try TokenChunks(token)
    var header = TokenHeader()
    try header.read(JSONDocument(TokenChunks.decode(chunks.header, of: token, named: "header", &quirks)).root)
    let payload = try JSONDocument(TokenChunks.decode(chunks.payload, of: token, named: "payload", &quirks))
    let parts = [
      pretty(.object([.init("typ", .string(header.typ)), .init("alg", .string(header.alg))])),
      pretty(try payload.root.value(), isSorted: true),
      String(decoding: token.bytes[chunks.signature], as: UTF8.self),
    ]
    return parts.joined(separator: "\n\r\n")
  }

  /// A value over several lines, indented by four blanks, members in their own order.
  public static func pretty(_ value: JSONValue) -> String {
    pretty(value, isSorted: false)
  }

  private static func pretty(_ value: JSONValue, isSorted: Bool) -> String {
    var text = ""
    append(value, indent: 0, isSorted: isSorted, to: &text)
    return text
  }

  private static func append(_ value: JSONValue, indent: Int, isSorted: Bool, to text: inout String) {
    switch value {
    case .object(let members) where !members.isEmpty:
      let ordered = isSorted ? ClaimsMap(members.map { ($0.name, $0.value) }).map { JSONValue.Member($0.key, $0.value) } : members
      list(ordered, "{", "}", indent, to: &text) { member, text in
        text += JSONValue.string(member.name).readableText + ": "
        append(member.value, indent: indent + 1, isSorted: isSorted, to: &text)
        if isSorted, indent == 0, datedMembers.contains(member.name), let time = member.value.integer {
          text += " (\(CivilDate(secondsSince1970: time)))"
        }
      }
    case .array(let elements) where !elements.isEmpty:
      list(elements, "[", "]", indent, to: &text) { element, text in
        append(element, indent: indent + 1, isSorted: isSorted, to: &text)
      }
    case .object: text += "{}"
    case .array: text += "[]"
    default: text += value.readableText
    }
  }

  private static func list<Item>(
    _ items: [Item], _ open: String, _ close: String, _ indent: Int, to text: inout String, _ write: (Item, inout String) -> Void
  ) {
    let blanks = String(repeating: "    ", count: indent)
    text += open
    for (index, item) in items.enumerated() {
      text += "\(index == 0 ? "" : ",")\n\(blanks)    "
      write(item, &text)
    }
    text += "\n\(blanks)\(close)"
  }
}

extension JSONValue {
  /// A scalar as JSON without the escapes that only web pages need.
  fileprivate var readableText: String {
    jsonText.replacing("\\u003c", with: "<").replacing("\\u003e", with: ">").replacing("\\u0026", with: "&")
  }
}
