import Claims
import ClaimsRegistry
import ClaimsStore
import NIOCore

/// Judges pushes for the event loop.
struct Pushes: Sendable {
  let registry: Registry
  let largestBody: Int
  let date = HTTPDate()

  init(registry: Registry, largestBody: Int) {
    self.registry = registry
    self.largestBody = largestBody
  }

  /// The Date header of now.
  var dateText: String { date.text(registry.clock.seconds) }

  /// Stores a token, and gives the answer on the event loop when it is durable or refused. A client that goes away does not cancel it.
  func store(
    _ token: Token, of account: AccountKey, by requester: Requester, on loop: any EventLoop,
    done: @escaping @Sendable (PushAnswer) -> Void
  ) {
    // Judged elsewhere: a signature takes as long as ten lookups, which would wait for it on the loop.
    Task {
      let outcome: Result<Verdict, Refusal>
      do throws(Refusal) {
        outcome = .success(try await registry.push(token, expected: account, by: requester))
      } catch {
        outcome = .failure(error)
      }
      loop.execute { done(PushAnswer(outcome)) }
    }
  }
}
