import FuzzSupport
import Nkeys

/// What holds for any text that may be a key.
enum KeyTexts {
  /// What the strict reading takes is the one text of its key, and the lenient reading takes it too.
  static func check(_ bytes: [UInt8]) {
    let strict = bytes.withUnsafeBytes { try? PublicKey(utf8: $0) }
    let lenient = bytes.withUnsafeBytes { try? LenientKey(utf8: $0) }
    let text = String(decoding: bytes, as: UTF8.self)
    invariant(KeyReference(text).publicKey == strict || !bytes.elementsEqual(text.utf8), "the text is read otherwise than its bytes")
    guard let strict else { return }
    invariant(strict.text.utf8.elementsEqual(bytes), "a second text for \(strict)")
    guard let lenient else { return invariant(false, "strict takes what lenient refuses: \(strict)") }
    invariant(lenient.role == (LenientKey.roles.contains(strict.role) ? strict.role : nil), "two roles for \(strict)")
    invariant(lenient.role == nil || lenient.raw == strict.raw, "two keys for \(strict)")
  }

  /// What is taken for a seed is the one text of it.
  static func checkSeed(_ bytes: [UInt8]) {
    guard let pair = bytes.withUnsafeBytes({ try? KeyPair(seedUTF8: $0) }) else { return }
    let text = mustSucceed("the seed has no text") { try pair.seedText() }
    invariant(text.withUnsafeBytes { $0.elementsEqual(bytes) }, "a second text for the seed of \(pair)")
  }

  /// Any 32 bytes are a key with a text that gives them back, or weak.
  static func checkParts(_ bytes: [UInt8]) {
    guard let first = bytes.first, let raw = RawKey(bytes.dropFirst().prefix(RawKey.count)) else { return }
    let role = Role.allCases[Int(first) % Role.allCases.count]
    guard let key = try? PublicKey(role: role, raw: raw) else { return }
    check(Array(key.text.utf8))
    invariant((try? PublicKey(key.text)) == key, "\(key) is not read again")
  }

  /// A credentials file that is read can be written and read again.
  static func checkDecorated(_ text: String) {
    for dialect in [DecoratedText.Dialect.nkeys, .jwt] {
      _ = DecoratedText.token(in: text, dialect: dialect)
      guard let pair = try? DecoratedText.keyPair(in: text, dialect: dialect) else { continue }
      invariant((try? DecoratedText.seed(in: text, dialect: dialect)) != nil, "\(pair) has no seed")
    }
    guard let file = try? CredentialsFile(parsing: text) else { return }
    let written = mustSucceed("what was read is not written") { try CredentialsFile.text(userToken: file.token, seed: file.keyPair) }
    let again = mustSucceed("what was written is not read") {
      try CredentialsFile(parsing: written.withUnsafeBytes { String(decoding: $0, as: UTF8.self) })
    }
    invariant(again.token == file.token && again.keyPair.publicKey == file.keyPair.publicKey, "other credentials than were written")
  }
}
