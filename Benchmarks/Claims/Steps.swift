import BenchSupport
import Claims

/// The steps that are measured, each over the same tokens.
struct Steps {
  static let names = [
    "check the signature (`crypto_sign_verify_detached` alone)", "decode", "verify decoded", "decode and verify", "validate decoded claims",
    "encode claims as JSON",
  ]

  private let tokens: [Token]
  private let signed: SignedTokens
  private let decoded: [DecodedToken]
  private let verified: [VerifiedClaims]

  /// Throws `ClaimsError` for a token that does not verify.
  init(_ lines: [Pack.Line]) throws {
    tokens = lines.map { Token(String($0.token)) }
    signed = try SignedTokens(lines)
    decoded = try tokens.map { try DecodedToken.decode($0) }
    verified = try tokens.map { try VerifiedClaims.decode($0) }
  }

  /// How long each step takes over all tokens. The steps take turns after few tokens, so that a machine that is faster now and slower then is so
  /// for all of them.
  func times() throws -> [Duration] {
    var times = [Duration](repeating: .zero, count: Self.names.count)
    for start in stride(from: 0, to: tokens.count, by: Self.turn) {
      let range = start..<min(start + Self.turn, tokens.count)
      for step in times.indices { times[step] += try time(step, range) }
    }
    return times
  }

  private static let turn = 200

  private func time(_ step: Int, _ range: Range<Int>) throws -> Duration {
    if step == 0 { return try signed.checkingTime(range) }
    return try ContinuousClock().measure {
      switch step {
      case 1: for token in tokens[range] { try expect(DecodedToken.decode(token).claims.type == .account) }
      case 2: for token in decoded[range] { try expect(token.verify().account != nil) }
      case 3: for token in tokens[range] { try expect(VerifiedClaims.decode(token).account != nil) }
      case 4: for claims in verified[range] { try expect(claims.claims.issues(at: claims.claims.common.iat).isEmpty) }
      default: for claims in verified[range] { try expect(!claims.claims.referenceJSON().isEmpty) }
      }
    }
  }

  private func expect(_ holds: Bool) throws {
    if !holds { throw BenchFailure("a token of the pack does not pass") }
  }
}
