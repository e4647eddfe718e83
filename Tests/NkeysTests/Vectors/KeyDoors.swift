@testable import Nkeys

/// The ways by which a text becomes a key, on bytes that need not be UTF-8: our doors, and the reference's made from the lenient reading.
struct KeyDoors {
  private let bytes: [UInt8]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  private func reading<R>(_ body: (UnsafeRawBufferPointer) throws(NkeyError) -> R) throws(NkeyError) -> R {
    try bytes.withUnsafeBytes { bytes in Result { () throws(NkeyError) in try body(bytes) } }.get()
  }

  private var text: String { String(decoding: bytes, as: UTF8.self) }

  func lenient() throws(NkeyError) -> LenientKey {
    try reading { (text) throws(NkeyError) in try LenientKey(utf8: text) }
  }

  func publicKey() throws(NkeyError) -> PublicKey {
    try reading { (text) throws(NkeyError) in try PublicKey(utf8: text) }
  }

  func seed() throws(NkeyError) -> KeyPair {
    try reading { (text) throws(NkeyError) in try KeyPair(seedUTF8: text) }
  }

  func curveSeed() throws(NkeyError) -> KeyPair { try KeyPair(curveSeed: text) }

  func facts(of pair: KeyPair) throws(NkeyError) -> [String: String] {
    ["public": pair.publicKey.text, "seed": try pair.seedText().revealed]
  }

  /// The reference keeps any number of bytes and encodes them again.
  func lenientPublicKey() throws(NkeyError) -> [String: String] {
    guard try lenient().role != nil else { throw .invalidPublicKey }
    return try reading { (text) throws(NkeyError) in
      try KeyText.withDecodedLenient(text) { (payload) throws(NkeyError) in
        ["public": try KeyText.withEncoded(prefix: [], payload: payload) { String(decoding: $0, as: UTF8.self) }]
      }
    }
  }

  func decodedSeed() throws(NkeyError) -> [String: String] {
    try withSeed { (role, raw) throws(NkeyError) in ["prefix": role.vectorName, "raw_hex": hex(Array(raw))] }
  }

  /// The reference keeps the seed's text as given and makes the key later, from the first 32 bytes.
  func lenientSeed() throws(NkeyError) -> [String: String] {
    try withSeed { (role, raw) throws(NkeyError) in
      if role == .curve, raw.count != 32 { throw .invalidCurveSeed }
      guard raw.count >= 32 else { return ["public": "", "public_error": raw.isEmpty ? "EOF" : "unexpected EOF", "seed": text] }
      let pair = try KeyPair(role: role, rawSeed: UnsafeRawBufferPointer(rebasing: raw[..<32]))
      return ["public": pair.publicKey.text, "public_error": "", "seed": text]
    }
  }

  func lenientCurveSeed() throws(NkeyError) -> [String: String] {
    try withSeed { (role, _) throws(NkeyError) in
      if role != .curve { throw .invalidCurveSeed }
    }
    return try lenientSeed()
  }

  private func withSeed<R>(_ body: (Role, UnsafeRawBufferPointer) throws(NkeyError) -> R) throws(NkeyError) -> R {
    try reading { (text) throws(NkeyError) in
      try KeyText.withSeedLenient(text) { (role, raw) throws(NkeyError) in
        guard LenientKey.roles.contains(role) else { throw .invalidSeed }
        return try body(role, raw)
      }
    }
  }
}
