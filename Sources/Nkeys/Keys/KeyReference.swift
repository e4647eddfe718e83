/// A key as claims name it: by its text.
///
/// Claims that exist may hold any text where a key belongs, as the reference reads them. The text is kept byte for byte, so that claims can be
/// shown and signed again; only the canonical text of a key that is not weak gives a `publicKey`.
public struct KeyReference: Sendable, ExpressibleByStringLiteral {
  /// The text as it stands in the claims; empty when no key is named.
  public let text: String

  /// A reference by any text.
  public init(_ text: String) {
    self.text = text
  }

  /// A reference to a key, by its canonical text.
  public init(_ key: PublicKey) {
    text = key.text
  }

  /// A reference by a literal.
  public init(stringLiteral text: String) {
    self.text = text
  }

  /// Whether no key is named.
  public var isEmpty: Bool { text.isEmpty }

  /// The key; nil when the text is not the canonical text of one.
  public var publicKey: PublicKey? { try? readPublicKey() }

  /// Reads the key. Throws what ``PublicKey/init(utf8:)`` throws.
  public func readPublicKey() throws(NkeyError) -> PublicKey {
    try text.withUTF8Bytes { (bytes) throws(NkeyError) in try PublicKey(utf8: bytes) }
  }

  /// The key as the reference reads the text; nil when it is none even for it.
  public var lenientKey: LenientKey? {
    try? text.withUTF8Bytes { (bytes) throws(NkeyError) in try LenientKey(utf8: bytes) }
  }

  /// Whether the reference takes the text for a public key of this role, see ``LenientKey/has(_:)``.
  public func isKey(of role: Role) -> Bool { lenientKey?.has(.role(role)) ?? false }
}

extension KeyReference: Hashable, Comparable {
  /// Equality of the bytes: two texts of one key are two references.
  public static func == (left: KeyReference, right: KeyReference) -> Bool {
    left.text.utf8.elementsEqual(right.text.utf8)
  }

  /// The order of the bytes.
  public static func < (left: KeyReference, right: KeyReference) -> Bool {
    left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
  }

  /// Hashes the bytes.
  public func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}

extension KeyReference: CustomStringConvertible {
  /// The text.
  public var description: String { text }
}
