import Claims
import ClaimsRegistry
import ClaimsStore

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

  /// Stores a token, and gives the answer when it is durable or refused. A client that goes away does not cancel it: others share its transaction.
  func store(_ token: Token, of account: AccountKey, by requester: Requester, done: @escaping @Sendable (PushAnswer) -> Void) {
    Task {
      do throws(Refusal) {
        _ = try await registry.push(token, expected: account, by: requester)
        done(.stored)
      } catch {
        done(.refused(error))
      }
    }
  }
}
