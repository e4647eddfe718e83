public import Nkeys

/// An account's identity key in its canonical form.
public struct AccountKey: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The key; its role is account.
  public let publicKey: PublicKey

  /// An account's key by its canonical text. Throws `key`.
  public init(_ text: some StringProtocol) throws(ClaimsError) {
    let key: PublicKey
    do throws(NkeyError) {
      key = try PublicKey(text)
    } catch {
      throw ClaimsError(.key, error.message)
    }
    try self.init(key)
  }

  /// The account that claims name. Throws `key`.
  public init(_ reference: KeyReference) throws(ClaimsError) {
    try self.init(reference.text)
  }

  /// An account's key by the bytes of its canonical text, without allocating. Throws `key`.
  public init(utf8: UnsafeRawBufferPointer) throws(ClaimsError) {
    let key: PublicKey
    do throws(NkeyError) {
      key = try PublicKey(utf8: utf8)
    } catch {
      throw ClaimsError(.key, error.message)
    }
    try self.init(key)
  }

  /// A key that must be an account's. Throws `key`.
  public init(_ key: PublicKey) throws(ClaimsError) {
    guard key.role == .account else { throw ClaimsError(.key, "the key is of role \(key.role.rawValue), not an account key") }
    publicKey = key
  }

  /// The account of 32 bytes; nil when they are no sound public key.
  public init?(raw: RawKey) {
    do throws(NkeyError) {
      publicKey = try PublicKey(role: .account, raw: raw)
    } catch {
      return nil
    }
  }

  /// The 32 bytes of the key.
  public var raw: RawKey { publicKey.raw }

  /// The canonical text, 56 characters.
  public var text: String { publicKey.text }

  /// The canonical text.
  public var description: String { text }

  /// The order of the bytes.
  public static func < (left: AccountKey, right: AccountKey) -> Bool { left.raw < right.raw }
}
