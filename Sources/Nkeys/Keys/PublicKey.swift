/// A public nkey: a role and 32 bytes, known to have one canonical text.
public struct PublicKey: Hashable, Sendable {
  /// What the key stands for.
  public let role: Role

  /// The key itself: an Ed25519 point, or an X25519 one for curve keys.
  public let raw: RawKey

  /// The number of characters of a public key's text.
  public static let textCount = 56

  /// Takes a key that is known to be good, because it was made from a seed or checked before.
  init(trusted raw: RawKey, role: Role) {
    self.role = role
    self.raw = raw
  }

  /// Makes a key from its parts.
  ///
  /// Throws `weakKey` for an Ed25519 key of small order or with a coordinate that is not reduced.
  public init(role: Role, raw: RawKey) throws(NkeyError) {
    if role != .curve, let weakness = WeakPoint.weakness(of: raw) { throw weakness }
    self.init(trusted: raw, role: role)
  }

  /// Reads the canonical text of a key, see `init(utf8:)`.
  public init(_ text: some StringProtocol) throws(NkeyError) {
    self = try text.withUTF8Bytes { (bytes) throws(NkeyError) in try PublicKey(utf8: bytes) }
  }

  /// Reads the canonical text of a key from its bytes, without allocating.
  ///
  /// Canonical means 56 characters of the upper-case base32 alphabet, the right checksum, the prefix byte of a role with
  /// all its eight bits, and a key that is not weak. Throws the reference's own error where the reference refuses the
  /// text too, else `notCanonical` or `weakKey`.
  public init(utf8: UnsafeRawBufferPointer) throws(NkeyError) {
    let parts = withUnsafeTemporaryAllocation(byteCount: 35, alignment: 8) { bytes -> (role: Role, raw: RawKey)? in
      guard Base32.decodeCanonical(utf8, into: bytes), Checksum.closes(UnsafeRawBufferPointer(bytes)),
        let role = Role(prefixByte: bytes[0]), let raw = RawKey(UnsafeRawBufferPointer(rebasing: bytes[1..<33]))
      else { return nil }
      return (role, raw)
    }
    guard let parts else { throw Self.reason(for: utf8) }
    try self.init(role: parts.role, raw: parts.raw)
  }

  /// Why text that is not canonical is refused.
  private static func reason(for utf8: UnsafeRawBufferPointer) -> NkeyError {
    do throws(NkeyError) {
      return try KeyText.withDecodedLenient(utf8) { bytes in
        guard Role(prefixByte: bytes[0]) != nil else { return .invalidPublicKey }
        return KeyText.violation(in: utf8, payloadCount: bytes.count - 1)
      }
    } catch {
      return error
    }
  }
}

extension PublicKey: CustomStringConvertible {
  /// The canonical text: 56 characters, the first one tells the role.
  public var text: String {
    withUnsafeTemporaryAllocation(byteCount: 35, alignment: 8) { bytes in
      bytes[0] = role.prefixByte
      raw.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: bytes[1..<33]).copyMemory(from: $0) }
      Checksum.close(bytes)
      return String(unsafeUninitializedCapacity: Self.textCount) { text in
        Base32.encode(UnsafeRawBufferPointer(bytes), into: UnsafeMutableRawBufferPointer(text))
        return Self.textCount
      }
    }
  }

  /// The canonical text.
  public var description: String { text }
}

extension PublicKey: Comparable {
  /// Orders by prefix byte, then by the key's bytes.
  public static func < (left: PublicKey, right: PublicKey) -> Bool {
    left.role == right.role ? left.raw < right.raw : left.role.prefixByte < right.role.prefixByte
  }
}
