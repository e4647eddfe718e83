/// A credentials file: a user's token and the seed that answers for it, as clients read it to connect.
public struct CredentialsFile: Sendable {
  /// The token as it stands in the file. It is not decoded here.
  public let token: String

  /// The user's key pair.
  public let keyPair: KeyPair

  /// Reads the text of a credentials file.
  ///
  /// Throws `noTokenFound` when the first block is not of a token's shape (two dots), and what
  /// `DecoratedText.userKeyPair(in:dialect:)` throws.
  public init(parsing text: String) throws(NkeyError) {
    keyPair = try DecoratedText.userKeyPair(in: text)
    token = DecoratedText.token(in: text)
    guard Self.hasTokenShape(token) else { throw .noTokenFound }
  }

  /// The text of a credentials file for a user's token and seed, byte for byte as the reference writes it.
  ///
  /// Throws `noTokenFound` for a token of another shape than a token's, `notAUserSeed` for a seed of another role, or
  /// `cryptographyUnavailable`. Whether the token is that user's is for the caller to know.
  public static func text(userToken token: String, seed pair: KeyPair) throws(NkeyError) -> SecretText {
    guard hasTokenShape(token) else { throw .noTokenFound }
    guard pair.role == .user else { throw .notAUserSeed }
    let head = Array(DecoratedText.decorate(token: token, type: "user").utf8)
    return try DecoratedText.withDecoratedSeed(of: pair) { (seed) throws(NkeyError) in
      try withWipedMemory(head.count + seed.count) { (text) throws(NkeyError) in
        text.copyBytes(from: head)
        UnsafeMutableRawBufferPointer(rebasing: text[head.count...]).copyMemory(from: seed)
        return try SecretText(copying: UnsafeRawBufferPointer(text))
      }
    }
  }

  private static func hasTokenShape(_ text: String) -> Bool {
    text.utf8.allSatisfy(isTokenCharacter) && text.utf8.count { $0 == UInt8(ascii: ".") } == 2
  }
}

extension CredentialsFile: CustomStringConvertible, CustomReflectable {
  /// The user's public key; neither the token nor the seed.
  public var description: String { keyPair.publicKey.text }

  /// Shows the user's public key and nothing else.
  public var customMirror: Mirror { Mirror(self, children: ["publicKey": keyPair.publicKey.text]) }
}
