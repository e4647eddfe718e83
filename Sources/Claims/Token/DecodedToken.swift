/// A token whose claims have been read, but whose signature has not been checked.
public struct DecodedToken: Sendable {
  /// Which bytes a signature covers.
  enum SignatureForm: Sendable {
    /// The payload chunk alone, as in version 1.
    case payload
    /// Header, dot and payload, as since version 2.
    case headerAndPayload
  }

  /// The token as it was received.
  public let token: Token

  /// The header.
  public let header: TokenHeader

  /// The claims. They prove nothing yet.
  public let claims: Claims

  /// What the strict rules object to.
  public let strictness: [StrictnessViolation]

  let form: SignatureForm
  let chunks: TokenChunks

  /// The other texts that carry the same signed content: version 1 signs the payload alone, so its header can be exchanged by anyone.
  public var aliases: [Token] {
    guard form == .payload else { return [] }
    let rest = token.bytes[chunks.header.upperBound...]
    return TokenHeader.unsigned.map { Token($0 + rest) }.filter { $0 != token }
  }

  /// Reads a token, with the reference's order of checks up to the signature.
  ///
  /// Throws `tooLarge`, `chunks`, `base64`, `json`, `header`, `newerVersion`, `unsupportedVersion` or `unsupportedType`.
  public static func decode(_ token: Token) throws(ClaimsError) -> DecodedToken {
    guard token.bytes.count <= Token.maximumSize else {
      throw ClaimsError(
        .tooLarge, "token size \(token.bytes.count) exceeds maximum of \(Token.maximumSize) bytes: token too large")
    }
    let parts = try TokenParts(token)
    let document = parts.payload
    var identifier = ClaimsIdentifier()
    try identifier.read(document.root)
    let claims = try Claims.decode(document.root, identifier)
    let form: SignatureForm = claims.type == .generic || identifier.version <= 1 ? .payload : .headerAndPayload
    return DecodedToken(
      token: token, header: parts.header, claims: claims, strictness: parts.strictness(claims, identifier.version), form: form,
      chunks: parts.chunks)
  }
}

/// The decoded chunks in front of the signature.
struct TokenParts {
  let chunks: TokenChunks
  let header: TokenHeader
  let payload: JSONDocument
  private let quirks: [StrictnessViolation]
  private let token: Token

  init(_ token: Token) throws(ClaimsError) {
    var quirks: [StrictnessViolation] = []
    self.token = token
    chunks = try TokenChunks(token)
    header = try TokenHeader(chunks.header, of: token, &quirks)
    payload = try JSONDocument(TokenChunks.decode(chunks.payload, of: token, named: "payload", &quirks))
    self.quirks = quirks
  }

  /// All that the strict rules object to, each rule once, after the payload was read into claims of a version.
  func strictness(_ claims: Claims, _ version: Int) -> [StrictnessViolation] {
    var violations = quirks + payload.findings + claims.keyViolations
    let expected = version == 1 ? TokenHeader.algorithmV1 : TokenHeader.algorithmV2
    if header.alg != expected {
      violations.append(StrictnessViolation(.algorithmVersion, "algorithm \(GoText.quoted(header.alg)) with version \(version)"))
    } else if version == 1, !TokenHeader.unsigned.contains(Array(token.bytes[chunks.header])) {
      violations.append(StrictnessViolation(.unsignedHeader, "the header is not one that tools of version 1 wrote"))
    }
    guard violations.count > 1 else { return violations }
    var seen = Set<StrictnessRule>()
    return violations.filter { seen.insert($0.rule).inserted }
  }
}
