import Nkeys
import Testing

@testable import Claims

@Suite("A token with one byte changed")
struct ChangedByteTests {
  @Test("is refused, or breaks a strictness rule, whatever byte it is", arguments: ClaimType.allCases)
  func current(_ type: ClaimType) throws {
    let signer = try KeyPair.generate(type.issuerRoles.first ?? .account)
    let subject = KeyReference(try KeyPair.generate(type.subjectRole ?? .user).publicKey)
    var random = RandomClaims(seed: 7)
    try check(random.claims(type, about: subject).signed(by: signer, at: 1_750_000_000), isGeneric: type == .generic)
  }

  @Test("of version 1, too, whose signature does not cover the header")
  func old() throws {
    let account = try KeyPair.generate(.account)
    let user = try KeyPair.generate(.user)
    let payload = #"{"iss":"\#(account)","sub":"\#(user)","name":"old","iat":1,"type":"user","nats":{}}"#
    for header in [#"{"typ":"jwt","alg":"ed25519"}"#, #"{"typ":"JWT","alg":"ed25519"}"#] {
      try check(TokenForge.token(payload, header: header, signedBy: account, isV1: true))
    }
  }

  /// All single bits of every byte, and the bytes that mean something to a reader.
  private func check(_ token: Token, isGeneric: Bool = false) throws {
    #expect(passes(token, isGeneric))
    var bytes = token.bytes
    for (index, byte) in token.bytes.enumerated() {
      for other in Set((0..<8).map { byte ^ 1 << $0 } + Array("AZaz09-_.=\n ".utf8)).subtracting([byte]) {
        bytes[index] = other
        if passes(Token(bytes), isGeneric) { Issue.record("byte \(index) may be \(other) instead of \(byte)") }
      }
      bytes[index] = byte
    }
  }

  private func passes(_ token: Token, _ isGeneric: Bool) -> Bool {
    let verified = isGeneric ? try? VerifiedClaims.decodeGeneric(token) : try? VerifiedClaims.decode(token)
    return verified?.strictness.isEmpty ?? false
  }
}
