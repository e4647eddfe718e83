import Nkeys

@testable import Claims

/// A rule by which we refuse a token that the reference takes, with the cases that it covers.
///
/// Most strictness rules only mark a token, so that its decoding agrees with the reference; these change the outcome itself.
/// A case that differs without a rule fails.
struct DeliberateDifference: Sendable {
  let rule: StrictnessRule
  /// The error that we give instead.
  let kinds: Set<String>
  /// Whether a token with this payload and signature falls under the rule.
  let covers: @Sendable (_ payload: [UInt8], _ signature: [UInt8]) -> Bool

  static let all: [DeliberateDifference] = [
    DeliberateDifference(rule: .weakKey, kinds: ["signature_v1", "signature_v2"]) { payload, signature in
      if let point = RawKey(signature.prefix(RawKey.count)), isWeak(point) { return true }
      guard let issuer = try? JSONReader().read(payload)["iss"]?.text, let raw = LenientKey(readable: issuer)?.raw else { return false }
      return isWeak(raw)
    },
    DeliberateDifference(rule: .deepNesting, kinds: ["json"]) { payload, _ in
      payload.withUnsafeBufferPointer { bytes in
        var scanner = JSONScanner(bytes)
        return (try? scanner.scan()) != nil && scanner.depth > JSONReader.maximumDepth
      }
    },
  ]

  /// The rule that explains why a token which the reference takes is refused with an error of this kind; nil when none does.
  static func rule(for token: Token, refusedWith kind: String?) -> StrictnessRule? {
    var quirks: [StrictnessViolation] = []
    guard let kind, let chunks = try? TokenChunks(token),
      let payload = try? TokenChunks.decode(chunks.payload, of: token, named: "payload", &quirks)
    else { return nil }
    let signature = (try? TokenChunks.decode(chunks.signature, of: token, named: "signature", &quirks)) ?? []
    return all.first { $0.kinds.contains(kind) && $0.covers(payload, signature) }?.rule
  }

  private static func isWeak(_ raw: RawKey) -> Bool { (try? PublicKey(role: .user, raw: raw)) == nil }

  /// Whether a seed is refused that the reference writes into credentials: it takes any text that begins like one, which may be no seed
  /// or another text for one. We take seeds, so that whoever reads the file finds one.
  static func refusesSeed(_ text: String) -> Bool { (try? KeyPair(seed: GoText.trimmed(text))) == nil }
}
