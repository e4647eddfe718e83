/// The header of a token.
public struct TokenHeader: Hashable, Sendable {
  /// The header that is written.
  static let current = Array(#"{"typ":"JWT","alg":"ed25519-nkey"}"#.utf8)

  /// The chunk that nearly every token begins with.
  private static let currentChunk = Base64URL.encode(current)

  /// The headers that tools wrote in version 1, whose signature does not cover the header: these texts and no others are taken.
  static let unsigned = [#"{"typ":"jwt","alg":"ed25519"}"#, #"{"typ":"JWT","alg":"ed25519"}"#].map { Base64URL.encode(Array($0.utf8)) }

  /// The algorithm's name in version 1.
  static let algorithmV1 = "ed25519"

  /// The algorithm's name since version 2.
  static let algorithmV2 = "ed25519-nkey"

  /// The type as it was received.
  public var typ = ""

  /// The algorithm as it was received.
  public var alg = ""

  init() {}

  /// Reads a token's header, and adds what the strict rules object to.
  ///
  /// Throws `base64`, `json` or `header`.
  init(_ chunk: Range<Int>, of token: Token, _ strictness: inout [StrictnessViolation]) throws(ClaimsError) {
    if chunk.count == Self.currentChunk.count, token.bytes.starts(with: Self.currentChunk) {
      (typ, alg) = ("JWT", Self.algorithmV2)
      return
    }
    var quirks: [StrictnessViolation] = []
    let document = try JSONDocument(TokenChunks.decode(chunk, of: token, named: "header", &quirks))
    try read(document.root)
    try validate()
    strictness += quirks + document.findings
  }

  /// Refuses another type or algorithm; letter case does not count. Throws `header`.
  func validate() throws(ClaimsError) {
    guard GoText.uppercased(typ) == "JWT" else { throw ClaimsError(.header, "not supported type \(GoText.quoted(typ))") }
    guard [Self.algorithmV1, Self.algorithmV2].contains(GoText.lowercased(alg)) else {
      throw ClaimsError(.header, "unexpected \(GoText.quoted(alg)) algorithm")
    }
  }
}

extension TokenHeader: JSONObject {
  static let layout = JSONLayout<Self>([.member("typ", \.typ), .member("alg", \.alg)])
}
