extension KeyPair {
  /// The number of characters of a seed's text.
  public static let seedTextCount = 58

  /// Makes the pair of a seed's canonical text (`S…`), see `init(seedUTF8:)`.
  ///
  /// The text's own storage is not wiped: where that matters, read the file into memory of your own and wipe it.
  public convenience init(seed text: some StringProtocol) throws(NkeyError) {
    let parts = try text.withUTF8Bytes { (bytes) throws(NkeyError) in try KeyPair.parts(seedUTF8: bytes) }
    self.init(parts)
  }

  /// Makes the pair of a seed's canonical text in memory the caller wipes.
  ///
  /// Canonical means 58 characters of the upper-case base32 alphabet with zero spare bits, the right checksum, and the
  /// prefix bits of a role. Throws the reference's own error where the reference refuses the text too, else `notCanonical`.
  public convenience init(seedUTF8 text: UnsafeRawBufferPointer) throws(NkeyError) {
    self.init(try KeyPair.parts(seedUTF8: text))
  }

  /// Makes the pair of a curve key's seed, in canonical text.
  ///
  /// Throws `invalidCurveSeed` for the seed of another role, else what `init(seedUTF8:)` throws.
  public convenience init(curveSeed text: some StringProtocol) throws(NkeyError) {
    let parts = try text.withUTF8Bytes { (bytes) throws(NkeyError) in
      let isCurve = try KeyText.withSeedLenient(bytes) { role, _ in role == .curve }
      guard isCurve else { throw .invalidCurveSeed }
      return try KeyPair.parts(seedUTF8: bytes)
    }
    self.init(parts)
  }

  private static func parts(seedUTF8 text: UnsafeRawBufferPointer) throws(NkeyError) -> Parts {
    try withWipedMemory(36) { (bytes) throws(NkeyError) in
      guard Base32.decodeCanonical(text, into: bytes), Checksum.closes(UnsafeRawBufferPointer(bytes)),
        let role = KeyText.role(ofSeed: bytes[0], bytes[1]), bytes[1] & 7 == 0
      else { throw reason(for: text) }
      return try parts(role: role, rawSeed: UnsafeRawBufferPointer(rebasing: bytes[2..<34]))
    }
  }

  /// Why text that is not canonical is refused.
  private static func reason(for text: UnsafeRawBufferPointer) -> NkeyError {
    do throws(NkeyError) {
      return try KeyText.withSeedLenient(text) { role, seed in
        if role == .curve, seed.count != RawKey.count { return .invalidCurveSeed }
        return KeyText.violation(in: text, payloadCount: seed.count)
      }
    } catch {
      return error
    }
  }
}

extension KeyPair {
  /// The seed's text (`S…`), 58 characters.
  ///
  /// Throws `cryptographyUnavailable` when there is no protected memory for it.
  public func seedText() throws(NkeyError) -> SecretText {
    try secretText(prefix: KeyText.seedPrefix(for: role), count: RawKey.count)
  }

  /// The private key's text (`P…`): 108 characters, for curve keys 56. It does not tell the role.
  ///
  /// Throws `cryptographyUnavailable` when there is no protected memory for it.
  public func privateText() throws(NkeyError) -> SecretText {
    try secretText(prefix: [KeyText.privatePrefix], count: secret.count)
  }

  private func secretText(prefix: [UInt8], count: Int) throws(NkeyError) -> SecretText {
    let made = secret.withUnsafeBytes { secret in
      Result { () throws(NkeyError) in
        try KeyText.withEncoded(prefix: prefix, payload: UnsafeRawBufferPointer(rebasing: secret[..<count])) {
          (text) throws(NkeyError) in try SecretText(copying: text)
        }
      }
    }
    return try made.get()
  }
}
