import CSodium

/// A key with its secret half, kept in memory that is wiped when the pair goes away.
///
/// It prints as its public key, also in dumps.
public final class KeyPair: Sendable {
  /// The public half.
  public let publicKey: PublicKey

  /// For Ed25519 the seed and the public key (64 bytes), for curve keys the seed (32 bytes).
  let secret: SecretBytes

  /// What the key stands for.
  public var role: Role { publicKey.role }

  /// Makes a new pair from the system's randomness.
  ///
  /// Throws `cryptographyUnavailable`.
  public static func generate(_ role: Role) throws(NkeyError) -> KeyPair {
    guard Sodium.isReady else { throw .cryptographyUnavailable }
    return try withWipedMemory(RawKey.count) { (seed) throws(NkeyError) in
      fillRandomly(seed)
      return try KeyPair(role: role, rawSeed: UnsafeRawBufferPointer(seed))
    }
  }

  /// Makes the pair of a raw seed. The caller's array is the caller's to wipe.
  ///
  /// Throws `invalidSeedLength` for anything but 32 bytes, or `cryptographyUnavailable`.
  public convenience init(role: Role, rawSeed: [UInt8]) throws(NkeyError) {
    let pair = rawSeed.withUnsafeBytes { seed in
      Result { () throws(NkeyError) in try KeyPair.parts(role: role, rawSeed: seed) }
    }
    self.init(try pair.get())
  }

  /// Makes the pair of a raw seed that lies in memory the caller wipes.
  ///
  /// Throws `invalidSeedLength` for anything but 32 bytes, or `cryptographyUnavailable`.
  public convenience init(role: Role, rawSeed: UnsafeRawBufferPointer) throws(NkeyError) {
    self.init(try KeyPair.parts(role: role, rawSeed: rawSeed))
  }

  typealias Parts = (publicKey: PublicKey, secret: SecretBytes)

  init(_ parts: Parts) {
    publicKey = parts.publicKey
    secret = parts.secret
  }

  static func parts(role: Role, rawSeed: UnsafeRawBufferPointer) throws(NkeyError) -> Parts {
    guard rawSeed.count == RawKey.count, let seed = rawSeed.assumingMemoryBound(to: UInt8.self).baseAddress else {
      throw .invalidSeedLength
    }
    var publicBytes = [UInt8](repeating: 0, count: RawKey.count)
    let secret = try SecretBytes(count: role == .curve ? RawKey.count : 2 * RawKey.count) { secret in
      if role == .curve {
        secret.copyMemory(from: rawSeed)
        crypto_scalarmult_base(&publicBytes, seed)
      } else if let start = secret.assumingMemoryBound(to: UInt8.self).baseAddress {
        crypto_sign_seed_keypair(&publicBytes, start, seed)
      }
    }
    guard let raw = RawKey(publicBytes) else { throw .cryptographyUnavailable }
    return (PublicKey(trusted: raw, role: role), secret)
  }
}

extension KeyPair: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The public key's text.
  public var description: String { publicKey.text }

  /// The public key's text.
  public var debugDescription: String { publicKey.text }

  /// Shows the public key and nothing else.
  public var customMirror: Mirror { Mirror(self, children: ["publicKey": publicKey.text]) }
}
