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
      do throws(Refusal) {
        let push = try registry.admit(token, expected: account, by: requester)
        registry.store.submit(push.proposal) { outcome in
          switch outcome {
          // From the transactions' thread straight back to the loop: a third thread would cost more than the rest of this step.
          case .success: loop.execute { done(PushAnswer { () throws(Refusal) in try registry.settle(push, outcome) }) }
          // A failure of the store is told at once, which may wait for whoever reads the log.
          case .failure:
            Task {
              let answer = PushAnswer { () throws(Refusal) in try registry.settle(push, outcome) }
              loop.execute { done(answer) }
            }
          }
        }
      } catch {
        loop.execute { done(.refused(error)) }
      }
    }
  }
}
