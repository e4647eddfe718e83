import Testing

@testable import ClaimsNATS

@Suite("How many replies a question takes")
struct InquiryBoundsTests {
  @Test("is bounded in number for each question, and what is too much is counted")
  func number() {
    var inquiry = Inquiry(questions: 2, at: .now)
    let reply = InboxMessage(token: "", payload: [])
    for _ in 0..<Inquiry.mostReplies + 3 { inquiry.note(reply, to: 0, at: .now) }
    inquiry.note(reply, to: 1, at: .now)
    #expect(inquiry.replies.map(\.count) == [Inquiry.mostReplies, 1])
    #expect(inquiry.passedOver == 3)
  }

  @Test("is bounded in bytes for all together, and a smaller one still has room")
  func bytes() {
    var inquiry = Inquiry(questions: 2, at: .now)
    let half = InboxMessage(token: "", payload: [UInt8](repeating: 0, count: Inquiry.mostBytes / 2 - 1))
    for question in [0, 1, 0] { inquiry.note(half, to: question, at: .now) }
    inquiry.note(InboxMessage(token: "", payload: [1, 2]), to: 1, at: .now)
    #expect(inquiry.replies.map(\.count) == [1, 2])
    #expect(inquiry.passedOver == 1)
  }
}
