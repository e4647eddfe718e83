import Testing

@testable import Claims

@Suite("combined digests as the vectors say")
struct PackVectorTests {
  @Test("a set of tokens has one digest, whatever their order", arguments: ClaimsVectors.pack.cases("xor"))
  func combines(_ vector: ClaimsVectorCase) {
    let digests = vector.texts("jwts").map { Token($0).digest }
    #expect(digests.reduce(.zero, ^).hex == vector.text("xor_sha256_hex"))
    #expect(digests.reversed().reduce(.zero, ^).hex == vector.text("xor_sha256_hex"))
  }

  @Test("the list is not empty")
  func isComplete() {
    #expect(!ClaimsVectors.pack.cases("xor").isEmpty)
  }
}
