import CSodium

extension KeyPair {
  /// The Ed25519 signature over the message, 64 bytes.
  ///
  /// Throws `curveKeyCannotSign` for a curve key.
  public func sign(_ message: [UInt8]) throws(NkeyError) -> [UInt8] {
    guard role != .curve else { throw .curveKeyCannotSign }
    var signature = [UInt8](repeating: 0, count: PublicKey.signatureCount)
    let isSigned = secret.withUnsafeBytes { secret in
      guard let key = secret.assumingMemoryBound(to: UInt8.self).baseAddress else { return false }
      return crypto_sign_detached(&signature, nil, message, UInt64(message.count), key) == 0
    }
    guard isSigned else { throw .cryptographyUnavailable }
    return signature
  }
}
