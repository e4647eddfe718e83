import Testing

@testable import Claims

@Suite("no payload brings the decoder down")
struct MutationTests {
  @Test("changed payloads are refused, or their claims can be validated, shown and read again")
  func mutations() throws {
    var generator = SeededGenerator(4)
    var read = 0
    for vector in ClaimsVectors.decode.cases("decode") where vector.expected.bool("ok") {
      let token = vector.token()
      let chunks = try TokenChunks(token)
      var quirks: [StrictnessViolation] = []
      let payload = try TokenChunks.decode(chunks.payload, of: token, named: "payload", &quirks)
      for _ in 0..<40 {
        let changed = Base64URL.encode(mutated(payload, &generator))
        let mutant = Token(token.bytes[..<chunks.payload.lowerBound] + changed + token.bytes[chunks.payload.upperBound...])
        guard let decoded = try? DecodedToken.decode(mutant) else { continue }
        read += 1
        _ = decoded.claims.issues(at: 1_750_000_000)
        _ = try? decoded.verify()
        _ = try? DecodedView.describe(mutant)
        // A sampling out of range is shown, but cannot be read back as it is.
        guard (try? decoded.claims.referenceJSON()) != nil else { continue }
        // One round first: a scope's limit of zero is not written and reads as no limit, in the reference too.
        let type = decoded.claims.type
        let once = try Claims(type, json: Array(decoded.claims.jsonText().utf8)).jsonText()
        let twice = try Claims(type, json: Array(once.utf8)).jsonText()
        #expect(once.utf8.elementsEqual(twice.utf8))
      }
    }
    #expect(read > 0)
  }

  private func mutated(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...3, using: &generator) {
      let index = Int.random(in: 0..<bytes.count, using: &generator)
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
      case 1: bytes[index] = [0x22, 0x5B, 0x7B, 0x2C, 0x30, 0x2D, 0x5C].randomElement(using: &generator) ?? 0
      case 2: bytes.remove(at: index)
      default:
        let length = Int.random(in: 1...min(30, bytes.count - index), using: &generator)
        bytes.insert(contentsOf: bytes[index..<index + length], at: Int.random(in: 0...bytes.count, using: &generator))
      }
    }
    return bytes
  }
}
