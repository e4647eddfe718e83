public import Nkeys

/// What signs claims: a key pair, or something outside that holds one.
public protocol ClaimsSigner {
  /// The key that becomes the issuer.
  var publicKey: PublicKey { get }

  /// The Ed25519 signature of a message, 64 bytes. Throws `signing`.
  func signature(of message: [UInt8]) throws(ClaimsError) -> [UInt8]
}

extension KeyPair: ClaimsSigner {
  /// The Ed25519 signature of a message, 64 bytes. Throws `signing` for a curve key.
  public func signature(of message: [UInt8]) throws(ClaimsError) -> [UInt8] {
    do throws(NkeyError) {
      return try sign(message)
    } catch {
      throw ClaimsError(.signing, error.message)
    }
  }
}

extension ClaimsError {
  /// What a signer throws that holds only the public half of its key.
  public static let noPrivateKey = ClaimsError(.signing, "nkeys: can not sign, no private key available")
}
