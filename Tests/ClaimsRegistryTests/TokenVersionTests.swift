import Claims
import Testing

@testable import ClaimsRegistry

@Suite("Merging states of an account")
struct TokenVersionTests {
  /// States that differ in every part, and share every part.
  private static let states: [TokenVersion] = (0..<3).flatMap { iat in
    (0..<3).flatMap { generation in
      ["a", "b", "c"].flatMap { text in
        [false, true].map { TokenVersion(iat: iat, generation: generation, digest: Token(text).digest, isDeleted: $0) }
      }
    }
  }

  @Test("does not depend on who asks whom")
  func isCommutative() {
    for one in Self.states {
      for two in Self.states { #expect(one.merged(with: two) == two.merged(with: one)) }
    }
  }

  @Test("does not depend on the order in which servers meet")
  func isAssociative() {
    // Plain comparisons: there are 157,464 of them.
    let isWrong = Self.states.contains { one in
      Self.states.contains { two in
        Self.states.contains { three in
          one.merged(with: two).merged(with: three) != one.merged(with: two.merged(with: three))
        }
      }
    }
    #expect(!isWrong)
  }

  @Test("changes nothing the second time")
  func isIdempotent() {
    for one in Self.states {
      #expect(one.merged(with: one) == one)
      for two in Self.states { #expect(one.merged(with: two).merged(with: two) == one.merged(with: two)) }
    }
  }

  @Test("never takes the mark back, and never undoes a push that a peer without generations did not see")
  func keepsTheMark() {
    for one in Self.states {
      for two in Self.states {
        let merged = one.merged(with: two)
        #expect(merged.iat == max(one.iat, two.iat))
        if two.generation == 0, one.generation > 0, one.iat == two.iat { #expect(merged == one) }
      }
    }
  }

  @Test("is a total order")
  func isTotal() {
    for one in Self.states {
      for two in Self.states { #expect([one < two, two < one, one == two].filter { $0 }.count == 1) }
    }
  }
}
