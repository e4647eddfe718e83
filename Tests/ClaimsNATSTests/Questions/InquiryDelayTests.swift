import Testing

@testable import ClaimsNATS

@Suite("How long replies take")
struct InquiryDelayTests {
  @Test("is counted from the question on, for each reply by itself")
  func delays() {
    let start = ContinuousClock.now
    var inquiry = Inquiry(questions: 2, at: start)
    let reply = InboxMessage(token: "ask-1-0", payload: [])
    inquiry.note(reply, to: 1, at: start + .milliseconds(2))
    inquiry.published(at: start + .milliseconds(3))
    inquiry.note(reply, to: 0, at: start + .milliseconds(5))
    inquiry.note(reply, to: 1, at: start + .milliseconds(400))
    inquiry.note(reply, to: 2, at: start + .milliseconds(401))
    #expect(inquiry.delays == [[.milliseconds(5)], [.milliseconds(2), .milliseconds(400)]])
    #expect(inquiry.replies.map(\.count) == inquiry.delays.map(\.count))
  }
}
