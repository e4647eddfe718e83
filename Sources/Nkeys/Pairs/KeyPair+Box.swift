import CSodium

/// Sealed boxes between curve keys: X25519, XSalsa20 and Poly1305. A box is `xkv1`, a nonce of 24 bytes, and the ciphertext.
extension KeyPair {
  static let boxVersion: [UInt8] = Array("xkv1".utf8)
  static let nonceCount = Int(crypto_box_noncebytes())

  /// Seals a message so that only the recipient can open it, and can tell who sealed it.
  ///
  /// Throws `onlyCurveKeysSeal` when this is not a curve key, `invalidRecipient` when the recipient is none or is a point of
  /// small order, with which there is no secret.
  public func seal(_ plaintext: [UInt8], to recipient: PublicKey) throws(NkeyError) -> [UInt8] {
    var nonce = [UInt8](repeating: 0, count: Self.nonceCount)
    nonce.withUnsafeMutableBytes(fillRandomly)
    return try seal(plaintext, to: recipient, nonce: nonce)
  }

  /// Seals a message for the recipient with this text.
  ///
  /// Throws what `seal(_:to:)` throws for keys, and `invalidRecipient` for text that is not a public key.
  public func seal(_ plaintext: [UInt8], to recipient: some StringProtocol) throws(NkeyError) -> [UInt8] {
    var nonce = [UInt8](repeating: 0, count: Self.nonceCount)
    nonce.withUnsafeMutableBytes(fillRandomly)
    return try seal(plaintext, to: recipient, nonce: nonce)
  }

  func seal(_ plaintext: [UInt8], to recipient: some StringProtocol, nonce: [UInt8]) throws(NkeyError) -> [UInt8] {
    guard role == .curve else { throw .onlyCurveKeysSeal }
    return try seal(plaintext, to: PublicKey(curve: recipient, orThrow: .invalidRecipient), nonce: nonce)
  }

  /// Seals with a nonce of the caller's choice, which must never be used twice between two keys.
  func seal(_ plaintext: [UInt8], to recipient: PublicKey, nonce: [UInt8]) throws(NkeyError) -> [UInt8] {
    guard role == .curve else { throw .onlyCurveKeysSeal }
    guard recipient.role == .curve, nonce.count == Self.nonceCount else { throw .invalidRecipient }
    var box = [UInt8](repeating: 0, count: plaintext.count + Int(crypto_box_macbytes()))
    let isSealed = withCurveKeys(and: recipient) { secret, recipient in
      crypto_box_easy(&box, plaintext, UInt64(plaintext.count), nonce, recipient, secret) == 0
    }
    guard isSealed else { throw .invalidRecipient }
    return Self.boxVersion + nonce + box
  }

  /// Opens a box that the sender sealed for this key.
  ///
  /// Throws, in this order, `onlyCurveKeysSeal` when this is not a curve key, `invalidBox` for too few bytes,
  /// `unknownBoxVersion`, `invalidSender` when the sender is not a curve key, and `cannotOpen`.
  public func open(_ sealed: [UInt8], from sender: PublicKey) throws(NkeyError) -> [UInt8] {
    try checkBox(sealed)
    guard sender.role == .curve else { throw .invalidSender }
    let nonce = Array(sealed[Self.boxVersion.count...].prefix(Self.nonceCount))
    let box = Array(sealed[(Self.boxVersion.count + Self.nonceCount)...])
    var plaintext = [UInt8](repeating: 0, count: max(0, box.count - Int(crypto_box_macbytes())))
    let isOpened = withCurveKeys(and: sender) { secret, sender in
      crypto_box_open_easy(&plaintext, box, UInt64(box.count), nonce, sender, secret) == 0
    }
    guard isOpened else { throw .cannotOpen }
    return plaintext
  }

  /// Opens a box that the sender with this text sealed for this key.
  ///
  /// Throws what `open(_:from:)` throws for keys, and `invalidSender` for text that is not a public key.
  public func open(_ sealed: [UInt8], from sender: some StringProtocol) throws(NkeyError) -> [UInt8] {
    try checkBox(sealed)
    return try open(sealed, from: PublicKey(curve: sender, orThrow: .invalidSender))
  }

  private func checkBox(_ sealed: [UInt8]) throws(NkeyError) {
    guard role == .curve else { throw .onlyCurveKeysSeal }
    guard sealed.count > Self.boxVersion.count + Self.nonceCount else { throw .invalidBox }
    guard sealed.starts(with: Self.boxVersion) else { throw .unknownBoxVersion }
  }

  private func withCurveKeys(and other: PublicKey, _ body: (UnsafePointer<UInt8>, UnsafePointer<UInt8>) -> Bool) -> Bool {
    secret.withUnsafeBytes { secret in
      other.raw.withUnsafeBytes { other in
        guard let secret = secret.assumingMemoryBound(to: UInt8.self).baseAddress,
          let other = other.assumingMemoryBound(to: UInt8.self).baseAddress
        else { return false }
        return body(secret, other)
      }
    }
  }
}

extension PublicKey {
  /// Reads the text of a curve key; whatever is wrong with it, the error is the given one, as in the reference.
  fileprivate init(curve text: some StringProtocol, orThrow error: NkeyError) throws(NkeyError) {
    let key: PublicKey
    do throws(NkeyError) {
      key = try PublicKey(text)
    } catch _ {
      throw error
    }
    guard key.role == .curve else { throw error }
    self = key
  }
}
