import Nkeys
import TestSupport
import Testing

@testable import Claims

extension SecretText {
  /// The characters, which only a test may make visible.
  fileprivate var revealed: String { withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }
}

@Suite("credentials as the vectors say")
struct CredentialsVectorTests {
  @Test("tokens and seeds are decorated for credentials", arguments: ClaimsVectors.encode.cases("creds"))
  func credentials(_ vector: ClaimsVectorCase) {
    #expect(Self.differences(of: vector) == [])
  }

  /// Where a text differs from what a case expects, differences by a rule of ours left out.
  static func differences(of vector: ClaimsVectorCase, withRules: Bool = true) -> [String] {
    Differences.found { differences in
      let expected = vector.expected
      var text = ""
      var error = ""
      do throws(ClaimsError) {
        text = try written(vector)
      } catch let refusal {
        error = refusal.message
      }
      let isAgainstUs = !error.isEmpty && expected.text("error").isEmpty && vector.part("seed") != nil
      if withRules, isAgainstUs, DeliberateDifference.refusesSeed(vector.text("seed")) {
        text = try referenceText(vector)
        error = ""
      }
      differences.compare("error", error, with: expected.text("error"))
      differences.compare("text", text, with: expected.text("text"))
    }
  }

  private static func written(_ vector: ClaimsVectorCase) throws(ClaimsError) -> String {
    let token = Token(vector.text("token"))
    let seed = vector.text("seed")
    return switch vector.text("op") {
    case "decorate_jwt": try Credentials.decorated(token)
    case "decorate_seed": try Credentials.decorated(seed: seed).revealed
    case "format_user_config": try Credentials.userConfiguration(token, seed: seed).revealed
    default: "unknown operation \(vector.text("op"))"
    }
  }

  /// What the reference writes for a text that only begins like a seed: just what it writes for a seed that begins so.
  private static func referenceText(_ vector: ClaimsVectorCase) throws -> String {
    let seed = GoText.trimmed(vector.text("seed"))
    for role in [Role.operator, .account, .user] {
      let example = try KeyPair(role: role, rawSeed: [UInt8](repeating: 0, count: RawKey.count)).seedText().revealed
      guard seed.hasPrefix(example.prefix(2)) else { continue }
      let text = try Credentials.decorated(seed: example).revealed.replacing(example, with: seed)
      return vector.text("op") == "decorate_seed" ? text : try Credentials.decorated(Token(vector.text("token"))) + text
    }
    throw SetupError("the text does not even begin like a seed")
  }
}
