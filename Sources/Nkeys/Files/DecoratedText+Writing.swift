extension DecoratedText {
  /// A token between its marker lines. `type` is the claim's type such as `user`; it is written in upper case.
  public static func decorate(token: String, type: String) -> String {
    let kind = type.uppercased()
    return "-----BEGIN NATS \(kind) JWT-----\n\(token)\n------END NATS \(kind) JWT------\n\n"
  }

  /// A seed between its marker lines, with the warning that tools print above it.
  ///
  /// Throws `notASeed` for a role whose seed a decorated text cannot hold, because no reader would find it again, or
  /// `cryptographyUnavailable`.
  public static func decorate(seedOf pair: KeyPair) throws(NkeyError) -> SecretText {
    try withDecoratedSeed(of: pair) { (text) throws(NkeyError) in try SecretText(copying: text) }
  }

  static func withDecoratedSeed<R>(
    of pair: KeyPair, _ body: (UnsafeRawBufferPointer) throws(NkeyError) -> R
  ) throws(NkeyError) -> R {
    guard [.operator, .account, .user].contains(pair.role) else { throw .roleNotDecorated }
    let kind = pair.role.rawValue.uppercased()
    return try withConcatenation(
      of: Array((warning + "-----BEGIN \(kind) NKEY SEED-----\n").utf8), pair.seedText(),
      Array("\n------END \(kind) NKEY SEED------\n\n*************************************************************\n".utf8), body)
  }

  /// Puts a secret between two texts, in memory that is wiped afterwards.
  private static func withConcatenation<R>(
    of head: [UInt8], _ secret: SecretText, _ tail: [UInt8], _ body: (UnsafeRawBufferPointer) throws(NkeyError) -> R
  ) throws(NkeyError) -> R {
    let end = head.count + secret.count
    return try withWipedMemory(end + tail.count) { (text) throws(NkeyError) in
      text.copyBytes(from: head)
      secret.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: text[head.count..<end]).copyMemory(from: $0) }
      UnsafeMutableRawBufferPointer(rebasing: text[end...]).copyBytes(from: tail)
      return try body(UnsafeRawBufferPointer(text))
    }
  }

  private static let warning = """
    ************************* IMPORTANT *************************
    NKEY Seed printed below can be used to sign and prove identity.
    NKEYs are sensitive and should be treated as secrets.


    """
}
