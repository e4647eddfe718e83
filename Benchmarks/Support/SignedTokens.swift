import Foundation
import Nkeys

/// The signatures of tokens, ready to be checked by libsodium's `crypto_sign_verify_detached` and nothing else.
public struct SignedTokens {
  private let signed: [(key: PublicKey, signature: [UInt8], message: [UInt8])]

  /// How many there are.
  public var count: Int { signed.count }

  /// Takes apart tokens of version 2. Throws `BenchFailure` for what is none.
  public init(_ lines: [Pack.Line]) throws {
    signed = try lines.map { line in
      let chunks = line.token.split(separator: ".")
      guard chunks.count == 3, let payload = Self.decoded(chunks[1]), let signature = Self.decoded(chunks[2]),
        let claims = try JSONSerialization.jsonObject(with: payload) as? [String: Any], let issuer = claims["iss"] as? String
      else { throw BenchFailure("the token of \(line.key) is none") }
      return (try PublicKey(issuer), Array(signature), Array("\(chunks[0]).\(chunks[1])".utf8))
    }
  }

  /// How long one core takes to check them all, or some. Throws `BenchFailure` when a signature is wrong.
  public func checkingTime(_ range: Range<Int>? = nil) throws -> Duration {
    try ContinuousClock().measure {
      for (key, signature, message) in signed[range ?? 0..<signed.count] where !key.verify(signature: signature, of: message) {
        throw BenchFailure("a signature is wrong")
      }
    }
  }

  private static func decoded(_ text: Substring) -> Data? {
    let plain = text.replacing("-", with: "+").replacing("_", with: "/")
    return Data(base64Encoded: plain + String(repeating: "=", count: (4 - plain.count % 4) % 4))
  }
}
