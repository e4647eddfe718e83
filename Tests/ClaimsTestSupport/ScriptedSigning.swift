public import Claims
public import ClaimsRegistry
import Synchronization

/// A signing service that gives the answers of a test, in their order, and the last one for ever.
public final class ScriptedSigning: SigningService {
  private let answers: Mutex<[Result<SigningAnswer, Refusal>]>
  private let tokens = Mutex<[Token]>([])

  private let meanwhile: @Sendable () async throws -> Void

  /// Gives these answers; `meanwhile` happens before each of them.
  public init(_ answers: [Result<SigningAnswer, Refusal>], meanwhile: @escaping @Sendable () async throws -> Void = {}) {
    self.answers = Mutex(answers)
    self.meanwhile = meanwhile
  }

  /// What it was asked to sign.
  public var asked: [Token] { tokens.withLock { $0 } }

  /// See `SigningService`.
  public func sign(_ token: Token) async throws(Refusal) -> SigningAnswer {
    tokens.withLock { $0.append(token) }
    do {
      try await meanwhile()
    } catch {
      throw Refusal(.unavailable, "the test failed: \(error)")
    }
    let answer = answers.withLock { answers in answers.count > 1 ? answers.removeFirst() : answers.first }
    guard let answer else { throw Refusal(.unavailable, "the test gave no answer") }
    return try answer.get()
  }
}
