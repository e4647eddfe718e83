import BenchSupport
import Claims

/// The steps that are measured, each over the same tokens.
struct Steps {
  static let names = [
    "check the signature (`crypto_sign_verify_detached` alone)", "decode", "decode and verify", "validate decoded claims",
    "encode claims as JSON",
  ]

  private let tokens: [Token]
  private let signed: SignedTokens
  private let verified: [VerifiedClaims]

  /// Throws `ClaimsError` for a token that does not verify.
  init(_ lines: [Pack.Line]) throws {
    tokens = lines.map { Token(String($0.token)) }
    signed = try SignedTokens(lines)
    verified = try tokens.map { try VerifiedClaims.decode($0) }
  }

  /// How long the step with this number takes over all tokens.
  func time(_ step: Int) throws -> Duration {
    if step == 0 { return try signed.checkingTime() }
    return try ContinuousClock().measure {
      switch step {
      case 1: for token in tokens { try expect(DecodedToken.decode(token).claims.type == .account) }
      case 2: for token in tokens { try expect(VerifiedClaims.decode(token).account != nil) }
      case 3: for claims in verified { try expect(claims.claims.issues(at: claims.claims.common.iat).isEmpty) }
      default: for claims in verified { try expect(!claims.claims.referenceJSON().isEmpty) }
      }
    }
  }

  private func expect(_ holds: Bool) throws {
    if !holds { throw BenchFailure("a token of the pack does not pass") }
  }
}
