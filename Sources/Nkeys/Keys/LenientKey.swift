/// Key text as the reference library reads it, for judging tokens that exist. Never a door for new keys.
///
/// Line breaks inside the text are skipped, unused bits of the last character ignored and the payload's length not
/// checked; the typed check also ignores the low three bits of the prefix byte. So several texts name one key.
/// The reference knows six roles; module and service keys are unknown to it. See the claims schema, "nkeys in short".
public struct LenientKey: Hashable, Sendable {
  /// What the prefix byte of a key text says.
  public enum Prefix: Hashable, Sendable {
    /// A public key of this role.
    case role(Role)
    /// A seed (`S`).
    case seed
    /// A private key (`P`).
    case privateKey
    /// Anything else.
    case unknown
  }

  /// The roles the reference knows.
  public static let roles: Set<Role> = [.operator, .account, .user, .server, .cluster, .curve]

  /// The role by the exact prefix byte; nil when the text is not a public key.
  public let role: Role?

  /// The 32 bytes of a public key; nil for other keys and for payloads of another length.
  public let raw: RawKey?

  private let prefixByte: UInt8

  /// Reads a text, see `init(utf8:)`.
  public init(_ text: some StringProtocol) throws(NkeyError) {
    self = try text.withUTF8Bytes { (bytes) throws(NkeyError) in try LenientKey(utf8: bytes) }
  }

  /// Reads the bytes of a text.
  ///
  /// Throws `illegalBase32`, `invalidEncoding` or `invalidChecksum`, in this order, with the reference's texts.
  public init(utf8: UnsafeRawBufferPointer) throws(NkeyError) {
    self = try KeyText.withDecodedLenient(utf8) { LenientKey(decoded: $0) }
  }

  private init(decoded bytes: UnsafeRawBufferPointer) {
    prefixByte = bytes[0]
    role = Role(prefixByte: bytes[0]).flatMap { Self.roles.contains($0) ? $0 : nil }
    raw = role == nil ? nil : RawKey(UnsafeRawBufferPointer(rebasing: bytes[1...]))
  }

  /// What the prefix byte says; public and private keys by all eight bits, seeds by the upper five.
  public var prefix: Prefix {
    if let role { return .role(role) }
    if prefixByte == KeyText.privatePrefix { return .privateKey }
    return prefixByte & 0xF8 == KeyText.seedPrefix ? .seed : .unknown
  }

  /// True for this prefix, the low three bits of the prefix byte not being looked at. Nothing has the unknown prefix.
  public func has(_ expected: Prefix) -> Bool {
    switch expected {
    case .role(let role): Self.roles.contains(role) && prefixByte & 0xF8 == role.prefixByte
    case .seed: prefixByte & 0xF8 == KeyText.seedPrefix
    case .privateKey: prefixByte & 0xF8 == KeyText.privatePrefix
    case .unknown: false
    }
  }

  /// Checks the prefix as `has(_:)` does.
  ///
  /// Throws `invalidPrefixByte` for another prefix.
  public func require(_ expected: Prefix) throws(NkeyError) {
    guard has(expected) else { throw .invalidPrefixByte }
  }
}

extension LenientKey {
  /// Reads a text; nil when it is no key.
  public init?(readable text: some StringProtocol) {
    do throws(NkeyError) {
      try self.init(text)
    } catch {
      return nil
    }
  }

  /// True for a public key of this role, the low three bits of the prefix byte not being looked at.
  public static func isValid(_ text: some StringProtocol, as role: Role) -> Bool {
    LenientKey(readable: text)?.has(.role(role)) ?? false
  }

  /// True for a public key of any role, by the exact prefix byte.
  public static func isValidPublicKey(_ text: some StringProtocol) -> Bool {
    role(of: text) != nil
  }

  /// The role by the exact prefix byte; nil when the text cannot be read or is not a public key.
  public static func role(of text: some StringProtocol) -> Role? {
    LenientKey(readable: text)?.role
  }

  /// True when this is a public key that made this signature; the reference tries curve keys like any other.
  public func verify(signature: UnsafeRawBufferPointer, of message: UnsafeRawBufferPointer) -> Bool {
    raw?.verifiesEd25519(signature: signature, of: message) ?? false
  }
}
