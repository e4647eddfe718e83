import Claims
import ClaimsRegistry

/// Asks a signing service over NATS: the token is the request, and so is the reply, unless it says in words that nothing is signed yet.
struct SignRequest: SigningService {
  let questions: ServerQuestions
  /// Where the service listens.
  let subject: String
  /// How long it may take.
  let timeout: Duration

  /// The longest text of a service that is passed on.
  private static let longestText = 1000

  func sign(_ token: Token) async throws(Refusal) -> SigningAnswer {
    let replies: [[InboxMessage]]
    do {
      replies = try await questions.ask(subject, [token.bytes], patience: .service(within: timeout))
    } catch {
      throw Refusal(.unavailable, "the signing service on \(subject) cannot be asked now: \(error.message); push again in a moment")
    }
    guard let reply = replies.first?.first else {
      throw Refusal(.unavailable, "the signing service on \(subject) did not answer within \(timeout): push again in a moment")
    }
    guard !reply.isNoResponders else {
      throw Refusal(.unavailable, "no signing service listens on \(subject): push again when it runs")
    }
    return Self.answer(reply.payload)
  }

  /// A reply that looks like a token is one: what is wrong with it is told when it is judged.
  static func answer(_ payload: [UInt8]) -> SigningAnswer {
    let token = Token(payload).withoutTrailingLineFeed
    if token.bytes.count(where: { $0 == UInt8(ascii: ".") }) == 2, token.bytes.starts(with: "eyJ".utf8) { return .signed(token) }
    return .pending(String(decoding: payload.prefix(longestText), as: UTF8.self))
  }
}
