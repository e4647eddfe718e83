import Nkeys
import TestSupport
import Testing

@Suite("Decorated texts")
struct DecoratedVectorTests {
  @Test("give the reference's token and key pair, but for the rules of strictness", arguments: NkeysVectors.cases("decorated"))
  func decoratedVector(_ vector: VectorCase) {
    #expect(Self.differences(of: vector) == [])
  }

  private static let dialects: [(DecoratedText.Dialect, String)] = [(.nkeys, "nkeys"), (.jwt, "jwt")]

  /// Where what is found in a text differs from what a case expects.
  static func differences(of vector: VectorCase, withRules: Bool = true) -> [String] {
    Differences.found { differences in
      let content = vector["content"].string
      for (dialect, name) in dialects {
        let token = "\(name)_parse_decorated_jwt"
        differences.compare(token, DecoratedText.token(in: content, dialect: dialect), with: vector.expected[token].string)
        let pairs: [(String, (String, DecoratedText.Dialect) throws(NkeyError) -> KeyPair)] = [
          ("\(name)_parse_decorated_nkey", DecoratedText.keyPair(in:dialect:)),
          ("\(name)_parse_decorated_user_nkey", DecoratedText.userKeyPair(in:dialect:)),
        ]
        for (member, pair) in pairs {
          let expected = vector.expected[member]
          let ours = Outcome { () throws(NkeyError) in
            let pair = try pair(content, dialect)
            return ["public": pair.publicKey.text, "seed": try pair.seedText().revealed]
          }
          let reference = Outcome(expected: expected, facts: ["public", "seed"])
          differences.compare(member, ours, with: reference, unless: withRules ? rule(forSeedIn: expected) : nil)
        }
      }
    }
  }

  /// The reference shows the seed as it read it, with a CR that stood before the line feed.
  private static func rule(forSeedIn expected: VectorValue) -> StrictnessRule? {
    let seed = Array(expected["seed"].string.utf8)
    if seed.last == 0x0D, StrictnessRule.seed(seed.dropLast()) == nil { return .carriageReturn }
    return StrictnessRule.seed(seed)
  }
}
