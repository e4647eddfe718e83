import Claims
import FuzzSupport

/// What holds for any bytes that may be a token.
enum TokenChecks {
  static func check(_ token: Token) {
    invariant(PackedToken(token).token == token, "packing changes the token")
    invariant(token.withoutTrailingLineFeed.bytes.count <= token.bytes.count, "a token grew")
    _ = try? VerifiedClaims.decodeGeneric(token)
    let decoded = try? DecodedToken.decode(token)
    let verified = try? VerifiedClaims.decode(token)
    guard let decoded else { return invariant(verified == nil, "verified without being decoded") }
    invariant(verified == nil || verified?.claims == decoded.claims, "verified claims are other claims")
    for alias in decoded.aliases { invariant((try? DecodedToken.decode(alias))?.claims == decoded.claims, "an alias says something else") }
    checkView(of: token, decoded.claims)
  }

  /// What is shown of claims is JSON; what is deeper than a tree of values is not shown.
  private static func checkView(of token: Token, _ claims: Claims) {
    let value = try? JSONReader().read(Array(claims.jsonText().utf8))
    guard value != nil || isTooDeep(claims) else { return invariant(false, "the claims are shown as something else than JSON") }
    _ = try? DecodedView.describe(token)
  }

  private static func isTooDeep(_ claims: Claims) -> Bool {
    claims.jsonText().utf8.count { $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "{") } > JSONReader.maximumDepth
  }
}
