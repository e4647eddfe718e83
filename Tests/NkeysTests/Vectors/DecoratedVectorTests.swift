import Nkeys
import TestSupport
import Testing

@Suite("Decorated texts")
struct DecoratedVectorTests {
  @Test("give the reference's token", arguments: NkeysVectors.cases("decorated"))
  func tokenVector(_ vector: VectorCase) {
    for (dialect, name) in dialects {
      let expected = vector.expected["\(name)_parse_decorated_jwt"].string
      #expect(DecoratedText.token(in: vector["content"].string, dialect: dialect) == expected, "\(vector.id): \(name)")
    }
  }

  @Test("give the reference's key pair, but for the rules of strictness", arguments: NkeysVectors.cases("decorated"))
  func seedVector(_ vector: VectorCase) {
    let content = vector["content"].string
    for (dialect, name) in dialects {
      expect(vector, "\(name)_parse_decorated_nkey") { () throws(NkeyError) in
        try DecoratedText.keyPair(in: content, dialect: dialect)
      }
      expect(vector, "\(name)_parse_decorated_user_nkey") { () throws(NkeyError) in
        try DecoratedText.userKeyPair(in: content, dialect: dialect)
      }
    }
  }

  private let dialects: [(DecoratedText.Dialect, String)] = [(.nkeys, "nkeys"), (.jwt, "jwt")]

  private func expect(_ vector: VectorCase, _ member: String, _ pair: () throws(NkeyError) -> KeyPair) {
    let expected = vector.expected[member]
    let ours = Outcome { () throws(NkeyError) in
      let pair = try pair()
      return ["public": pair.publicKey.text, "seed": try pair.seedText().revealed]
    }
    expectSame(ours, Outcome(expected: expected, facts: ["public", "seed"]), in: vector, member, unless: rule(forSeedIn: expected))
  }

  /// The reference shows the seed as it read it, with a CR that stood before the line feed.
  private func rule(forSeedIn expected: VectorValue) -> StrictnessRule? {
    let seed = Array(expected["seed"].string.utf8)
    if seed.last == 0x0D, StrictnessRule.seed(seed.dropLast()) == nil { return .carriageReturn }
    return StrictnessRule.seed(seed)
  }
}
