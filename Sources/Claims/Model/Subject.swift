/// A subject: tokens separated by dots, of which `*` stands for any one and a last `>` for all the rest.
///
/// Any text can be a subject here; `issues` of the validation say what is wrong with it.
public struct Subject: Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  /// The text.
  public var text: String

  /// A subject of any text.
  public init(_ text: String) {
    self.text = text
  }

  /// A subject of a literal.
  public init(stringLiteral text: String) {
    self.text = text
  }

  /// Whether the text is empty.
  public var isEmpty: Bool { text.isEmpty }

  /// The tokens between the dots; one empty token when the text is empty.
  public var tokens: [Substring] {
    text.unicodeScalars.split(separator: ".", omittingEmptySubsequences: false).map { Substring($0) }
  }

  /// Whether a wildcard stands where the reference looks for one.
  public var hasWildcards: Bool {
    let scalars = Array(text.utf8)
    func ends(_ suffix: String) -> Bool { scalars.reversed().starts(with: suffix.utf8.reversed()) }
    return ends(".>") || ends(".*") || scalars.starts(with: "*.".utf8) || scalars.elementsEqual("*".utf8) || scalars.elementsEqual(">".utf8)
      || scalars.indices.contains { scalars[$0...].starts(with: ".*.".utf8) }
  }

  /// Whether every subject that matches this one matches the other one too.
  public func isContained(in other: Subject) -> Bool {
    TokenizedSubject(self).isContained(in: TokenizedSubject(other))
  }

  /// The text.
  public var description: String { text }
}

extension Subject: Hashable, Comparable {
  /// Equality of the bytes.
  public static func == (left: Subject, right: Subject) -> Bool {
    left.text.hasSameBytes(as: right.text)
  }

  /// The order of the bytes.
  public static func < (left: Subject, right: Subject) -> Bool {
    left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
  }

  /// Hashes the bytes.
  public func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}

extension Subject: JSONMember {
  init() { text = "" }

  var isEmptyMember: Bool { text.isEmpty }

  mutating func read(_ json: JSONCursor) throws(ClaimsError) { try text.read(json) }

  func write(to json: inout JSONWriter) { json.string(text) }
}
