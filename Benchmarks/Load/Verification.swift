import Foundation
import Nkeys

/// How many signatures one core checks in a second: libsodium's `crypto_sign_verify_detached` and nothing else, over the tokens that are pushed.
struct Verification {
  private let signed: [(key: PublicKey, signature: [UInt8], message: [UInt8])]

  init(_ lines: [Pack.Line]) throws {
    signed = try lines.map { line in
      let chunks = line.token.split(separator: ".")
      guard chunks.count == 3, let payload = Self.decoded(chunks[1]), let signature = Self.decoded(chunks[2]),
        let claims = try JSONSerialization.jsonObject(with: payload) as? [String: Any], let issuer = claims["iss"] as? String
      else { throw BenchFailure("the token of \(line.key) is none") }
      return (try PublicKey(issuer), Array(signature), Array("\(chunks[0]).\(chunks[1])".utf8))
    }
  }

  func run() throws -> String {
    let clock = ContinuousClock()
    let duration = try clock.measure {
      for (key, signature, message) in signed where !key.verify(signature: signature, of: message) {
        throw BenchFailure("a signature is wrong")
      }
    }
    return #"{"rate": \#(Double(signed.count) / (duration / .seconds(1)))}"#
  }

  private static func decoded(_ text: Substring) -> Data? {
    let plain = text.replacing("-", with: "+").replacing("_", with: "/")
    return Data(base64Encoded: plain + String(repeating: "=", count: (4 - plain.count % 4) % 4))
  }
}
