import Claims

extension Token {
  /// What all claims share, of a token whose signature nobody looked at; nil when it is larger than any may be, or cannot be read.
  var unverified: CommonClaims? { bytes.count <= Self.maximumSize ? (try? DecodedToken.decode(self))?.claims.common : nil }
}
