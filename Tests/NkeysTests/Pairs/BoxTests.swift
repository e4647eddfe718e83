import Testing

@testable import Nkeys

@Suite("Boxes between curve keys")
struct BoxTests {
  private let message = Array("sealed for one reader".utf8)

  @Test("open for the recipient alone, and never look the same twice")
  func roundTrip() throws {
    let sender = try KeyPair.generate(.curve)
    let recipient = try KeyPair.generate(.curve)
    let box = try sender.seal(message, to: recipient.publicKey)
    #expect(box.starts(with: Array("xkv1".utf8)))
    #expect(try recipient.open(box, from: sender.publicKey) == message)
    #expect(try recipient.open(box, from: sender.publicKey.text) == message)
    #expect(try sender.seal(message, to: recipient.publicKey.text) != box)
    #expect(throws: NkeyError.cannotOpen) { try KeyPair.generate(.curve).open(box, from: sender.publicKey) }
    #expect(throws: NkeyError.cannotOpen) { try recipient.open(box, from: KeyPair.generate(.curve).publicKey) }
  }

  @Test("do not open with any byte changed")
  func tampering() throws {
    let pair = try KeyPair.generate(.curve)
    let box = try pair.seal(message, to: pair.publicKey)
    for place in box.indices {
      var changed = box
      changed[place] ^= 1
      #expect(throws: place < 4 ? NkeyError.unknownBoxVersion : .cannotOpen) { try pair.open(changed, from: pair.publicKey) }
    }
    for count in box.indices {
      #expect(throws: NkeyError.self) { try pair.open(Array(box.prefix(count)), from: pair.publicKey) }
    }
  }

  @Test("are a matter of curve keys only", arguments: Role.allCases.filter { $0 != .curve })
  func otherRoles(role: Role) throws {
    let other = try KeyPair.generate(role)
    let curve = try KeyPair.generate(.curve)
    let box = try curve.seal(message, to: curve.publicKey)
    #expect(throws: NkeyError.onlyCurveKeysSeal) { try other.seal(message, to: curve.publicKey) }
    #expect(throws: NkeyError.onlyCurveKeysSeal) { try other.open(box, from: curve.publicKey) }
    #expect(throws: NkeyError.invalidRecipient) { try curve.seal(message, to: other.publicKey) }
    #expect(throws: NkeyError.invalidSender) { try curve.open(box, from: other.publicKey) }
  }

  @Test("are not sealed to a point of small order")
  func smallOrder() throws {
    let pair = try KeyPair.generate(.curve)
    for first in [0, 1] as [UInt8] {
      let raw = try #require(RawKey([first] + [UInt8](repeating: 0, count: 31)))
      let weak = try PublicKey(role: .curve, raw: raw)
      #expect(throws: NkeyError.invalidRecipient) { try pair.seal(message, to: weak) }
    }
  }
}
