import Testing

@testable import Nkeys

@Suite("Signatures")
struct SignatureTests {
  @Test("are those of the key over the message and of nothing else")
  func signAndVerify() throws {
    let pair = try KeyPair.generate(.account)
    let message = Array("a message".utf8)
    let signature = try pair.sign(message)
    #expect(pair.publicKey.verify(signature: signature, of: message))
    #expect(!pair.publicKey.verify(signature: signature, of: message + [0]))
    #expect(!pair.publicKey.verify(signature: signature.dropLast(), of: message))
    #expect(!pair.publicKey.verify(signature: signature + [0], of: message))
    #expect(!pair.publicKey.verify(signature: [], of: message))
    #expect(try !KeyPair.generate(.account).publicKey.verify(signature: signature, of: message))
  }

  @Test("can be made over an empty message")
  func emptyMessage() throws {
    let pair = try KeyPair.generate(.user)
    #expect(pair.publicKey.verify(signature: try pair.sign([]), of: []))
  }

  @Test("are neither made nor checked by curve keys")
  func curveKeys() throws {
    let pair = try KeyPair.generate(.curve)
    #expect(throws: NkeyError.curveKeyCannotSign) { try pair.sign([1]) }
    #expect(throws: NkeyError.curveKeyCannotSign) { try pair.publicKey.validate(signature: [], of: [1]) }
    #expect(!pair.publicKey.verify(signature: [UInt8](repeating: 0, count: 64), of: [1]))
  }

  @Test("at the edges of Ed25519 are judged by the table", arguments: SignatureEdgeCase.all)
  func edgeCase(_ edge: SignatureEdgeCase) throws {
    let raw = try rawKey(edge.key)
    let message = try #require(bytes(edge.message))
    let signature = try #require(bytes(edge.signature))
    #expect(PublicKey(trusted: raw, role: .account).verify(signature: signature, of: message) == edge.verifies)
    // What Go takes and we refuse has a weak key or a weak R.
    let isWeak = try !edge.keyIsTaken || WeakPoint.weakness(of: rawKey(String(edge.signature.prefix(64)))) != nil
    #expect(edge.verifies == (edge.goVerifies && !isWeak))
    if edge.keyIsTaken {
      #expect(throws: Never.self) { try PublicKey(role: .account, raw: raw) }
    } else {
      #expect(throws: NkeyError.smallOrder) { try PublicKey(role: .account, raw: raw) }
    }
  }
}
