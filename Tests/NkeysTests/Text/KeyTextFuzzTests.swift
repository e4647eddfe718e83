import Nkeys
import Testing

@Suite("Damaged key texts")
struct KeyTextFuzzTests {
  /// A small generator with a seed, so that a failure comes again.
  private struct Sequence: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ state >> 29
    }
  }

  @Test("are refused, or are the one text of what they are read as", arguments: 1...20)
  func damagedText(seed: Int) throws {
    var random = Sequence(state: UInt64(seed))
    let pair = try KeyPair(role: .account, rawSeed: (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) })
    let originals = [Array(pair.publicKey.text.utf8), Array(try pair.seedText().revealed.utf8)]
    for _ in 0..<200 {
      for original in originals {
        let text = damaged(original, using: &random)
        if let key = try? PublicKey(utf8Bytes: text) { #expect(Array(key.text.utf8) == text) }
        if let pair = try? KeyPair(seed: String(decoding: text, as: UTF8.self)) {
          #expect(try pair.seedText().revealed == String(decoding: text, as: UTF8.self))
        }
      }
    }
  }

  private func damaged(_ text: [UInt8], using random: inout Sequence) -> [UInt8] {
    var text = text
    for _ in 0..<Int.random(in: 0...3, using: &random) {
      let place = Int.random(in: 0..<text.count, using: &random)
      switch Int.random(in: 0...5, using: &random) {
      case 0: text[place] = UInt8.random(in: 0...255, using: &random)
      case 1: text.remove(at: place)
      case 2: text.insert(0x0A, at: place)
      case 3: text.insert(text[place], at: place)
      case 4: text.append(0x41)
      default: text[place] ^= 1
      }
    }
    return text
  }
}

extension PublicKey {
  fileprivate init(utf8Bytes bytes: [UInt8]) throws {
    self = try bytes.withUnsafeBytes { try PublicKey(utf8: $0) }
  }
}
