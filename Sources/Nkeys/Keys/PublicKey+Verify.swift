import CSodium

extension PublicKey {
  /// The number of bytes of a signature.
  public static let signatureCount = 64

  /// True when the 64 bytes are this key's Ed25519 signature over the message.
  ///
  /// False for every other number of bytes and for curve keys, which do not sign.
  public func verify(signature: UnsafeRawBufferPointer, of message: UnsafeRawBufferPointer) -> Bool {
    guard role != .curve else { return false }
    return raw.verifiesEd25519(signature: signature, of: message)
  }

  /// True when the 64 bytes are this key's Ed25519 signature over the message.
  public func verify(signature: [UInt8], of message: [UInt8]) -> Bool {
    signature.withUnsafeBytes { signature in message.withUnsafeBytes { verify(signature: signature, of: $0) } }
  }

  /// Checks a signature and says why it is refused.
  ///
  /// Throws `curveKeyCannotSign` for a curve key, `signatureMismatch` for a signature that is not this key's.
  public func validate(signature: [UInt8], of message: [UInt8]) throws(NkeyError) {
    guard role != .curve else { throw .curveKeyCannotSign }
    guard verify(signature: signature, of: message) else { throw .signatureMismatch }
  }
}

extension RawKey {
  func verifiesEd25519(signature: UnsafeRawBufferPointer, of message: UnsafeRawBufferPointer) -> Bool {
    guard Sodium.isReady, signature.count == PublicKey.signatureCount else { return false }
    let signature = signature.assumingMemoryBound(to: UInt8.self)
    let message = message.assumingMemoryBound(to: UInt8.self)
    return withUnsafeBytes { key in
      guard let signatureStart = signature.baseAddress, let key = key.assumingMemoryBound(to: UInt8.self).baseAddress else {
        return false
      }
      // An empty message may have no address, but libsodium wants one; it reads nothing there.
      return crypto_sign_verify_detached(signatureStart, message.baseAddress ?? signatureStart, UInt64(message.count), key) == 0
    }
  }
}
