import Claims
import ClaimsRegistry
import ClaimsStore
import NIOCore
import NIOPosix

/// Judges pushes for the event loop.
struct Pushes: Sendable {
  let registry: Registry
  let largestBody: Int
  let judges: PushJudges
  let date = HTTPDate()

  init(registry: Registry, largestBody: Int, judges: PushJudges) {
    self.registry = registry
    self.largestBody = largestBody
    self.judges = judges
  }

  /// The Date header of now.
  var dateText: String { date.text(registry.clock.seconds) }

  /// Stores a token, and gives the answer on the event loop when it is durable or refused. A client that goes away does not cancel it.
  func store(
    _ token: Token, of account: AccountKey, by requester: Requester, on loop: any EventLoop,
    done: @escaping @Sendable (PushAnswer) -> Void
  ) {
    // Transactions of many pushes, whose answers go out together, would make the slowest lookups slower.
    let expected = judges.givesWay() ? nil : registry.store.expectProposal()
    // Judged elsewhere: a signature takes as long as ten lookups, which would wait for it on the loop.
    judges.submit {
      do throws(Refusal) {
        let push = try registry.admit(token, expected: account, by: requester)
        let settled = { @Sendable (outcome: Result<Verdict, any Error>) in settle(push, outcome, on: loop, done: done) }
        guard let expected else { return registry.store.submit(push.proposal, done: settled) }
        expected.submit(push.proposal, done: settled)
      } catch {
        guard registry.canBeSigned(error) else { return loop.execute { done(.refused(error)) } }
        sign(token, of: account, by: requester, on: loop, done: done)
      }
    }
  }

  /// Takes as long as whoever signs: no thread waits for it.
  private func sign(
    _ token: Token, of account: AccountKey, by requester: Requester, on loop: any EventLoop, done: @escaping @Sendable (PushAnswer) -> Void
  ) {
    Task {
      let answer: PushAnswer
      do throws(Refusal) {
        _ = try await registry.pushSelfSigned(token, expected: account, by: requester)
        answer = .stored
      } catch {
        answer = .refused(error)
      }
      loop.execute { done(answer) }
    }
  }

  /// From the transactions' thread straight back to the loop: a third thread would cost more than the rest of this step. But a failure of the
  /// store is told at once, which may wait for whoever reads the log.
  private func settle(
    _ push: AdmittedPush, _ outcome: Result<Verdict, any Error>, on loop: any EventLoop, done: @escaping @Sendable (PushAnswer) -> Void
  ) {
    let answer = { @Sendable in PushAnswer { () throws(Refusal) in try registry.settle(push, outcome) } }
    switch outcome {
    case .success: loop.execute { done(answer()) }
    case .failure:
      NIOThreadPool.singleton.submit { _ in
        let answer = answer()
        loop.execute { done(answer) }
      }
    }
  }
}
