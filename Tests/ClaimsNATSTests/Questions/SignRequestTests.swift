import Claims
import ClaimsRegistry
import ClaimsTestSupport
import Testing

@testable import ClaimsNATS

@Suite("A signing service over NATS")
struct SignRequestTests {
  @Test("answers with a token, or with words")
  func answers() throws {
    let token = try TestAuthority().account(TestAuthority.account())
    #expect(SignRequest.answer(token.bytes) == .signed(token))
    #expect(SignRequest.answer(token.bytes + [10]) == .signed(token))
    #expect(SignRequest.answer(Array("a. b. c.".utf8)) == .pending("a. b. c."))
    #expect(SignRequest.answer([]) == .pending(""))
    #expect(SignRequest.answer(Array(repeating: 65, count: 5000)) == .pending(String(repeating: "A", count: 1000)))
  }

  @Test("is waited for until its first answer, and no longer than it may take")
  func patience() {
    let start = ContinuousClock.now
    var inquiry = Inquiry(questions: 1, patience: .service(within: .seconds(9)), at: start)
    inquiry.published(at: start)
    #expect(!inquiry.isOver(at: start + .seconds(8)))
    #expect(inquiry.isOver(at: start + .seconds(9)))
    inquiry.note(InboxMessage(token: "", payload: []), to: 0, at: start + .seconds(1))
    #expect(inquiry.isOver(at: start + .seconds(1)))
    var early = Inquiry(questions: 1, patience: .service(within: .seconds(9)), at: start)
    early.note(InboxMessage(token: "", payload: []), to: 0, at: start)
    #expect(early.isOver(at: start))
    // That it went out, or is not known to have, is told after the answer.
    early.published(at: start)
    early.fail(.of(.timeout))
    #expect(early.isOver(at: start) && early.failure == nil && early.replies[0].count == 1)
  }
}
