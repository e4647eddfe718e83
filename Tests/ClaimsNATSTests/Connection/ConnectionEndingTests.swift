import Testing

@testable import ClaimsNATS

@Suite("The end of a connection")
struct ConnectionEndingTests {
  private func code(_ event: ConnectionEvent?) -> NATSError.Code? {
    if case .closed(let error)? = event { error.code } else { nil }
  }

  @Test("is told once")
  func once() {
    let ending = ConnectionEnding()
    #expect(code(ending.told(.closed(.of(.closed)))) == .closed)
    #expect(ending.told(.closed(.of(.closed))) == nil)
  }

  @Test("has the server's words when it refused the user, which the library has forgotten by then")
  func refusal() {
    let ending = ConnectionEnding()
    #expect(ending.told(.complaint(.of(.notPermitted))) != nil)
    #expect(ending.told(.complaint(.of(.unauthorized))) != nil)
    #expect(code(ending.told(.closed(.of(.closed)))) == .unauthorized)
  }

  @Test("keeps a reason that the library knows")
  func known() {
    let ending = ConnectionEnding()
    _ = ending.told(.complaint(.of(.unauthorized)))
    #expect(code(ending.told(.closed(.of(.payloadViolation)))) == .payloadViolation)
  }

  @Test("of an allowance comes after so many times")
  func allowance() {
    let allowance = Allowance(2)
    #expect((0..<4).map { _ in allowance.take() } == [true, true, false, false])
  }
}
