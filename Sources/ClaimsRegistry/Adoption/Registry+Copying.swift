public import Claims
import ClaimsStore
import Logging
import Nkeys

/// What became of tokens that were copied from elsewhere.
public struct CopyOutcome: Sendable, Hashable {
  /// Accounts that were not known and are served now.
  public internal(set) var taken = 0
  /// Accounts whose token was newer than ours.
  public internal(set) var renewed = 0
  /// Accounts of which ours is as new or newer.
  public internal(set) var kept = 0
  /// Accounts whose token is not served, each with the reason.
  public internal(set) var refused: [String] = []
}

extension Registry {
  /// Copies tokens that another program serves.
  ///
  /// An account that is not known here is taken over as it is, like a file of the directory on the first start, and not announced: nothing changed
  /// for anyone. For one that is known only a newer token counts, and it is a push like any other: what was accepted here is never undone by a copy.
  ///
  /// - Parameters:
  ///   - tokens: the tokens, each under the account that the other program names.
  ///   - isRenewing: whether newer tokens of known accounts count.
  ///   - requester: where they come from, for the audit.
  /// - Returns: how many accounts were taken, renewed and kept, and which tokens were refused.
  /// - Throws: ``StoreError`` when the store cannot take more; what was copied before stays.
  public func copy(
    _ tokens: [(account: AccountKey, token: Token)], isRenewing: Bool = true, by requester: Requester
  ) async throws -> CopyOutcome {
    try await withThrowingTaskGroup(of: CopyOutcome.self) { group in
      for (account, token) in tokens {
        group.addTask { try await self.copy(token, of: account, isRenewing, requester) }
      }
      var outcome = try await group.reduce(into: CopyOutcome()) { $0.add($1) }
      outcome.refused.sort()
      return outcome
    }
  }

  private func copy(_ token: Token, of account: AccountKey, _ isRenewing: Bool, _ requester: Requester) async throws -> CopyOutcome {
    var outcome = CopyOutcome()
    do {
      let found = try FoundToken(token, under: account.text, trust: trust)
      let change = found.change(time: clock.milliseconds(), actor: requester, owner: trust.owner(of: found.claims))
      let verdict = try await store.submit(Proposal(subject: account) { current, _ in current == nil ? .append(change) : .unchanged })
      if case .committed = verdict {
        outcome.taken = 1
      } else if isRenewing, let entry = store.index.entry(of: account.raw), found.claims.common.iat > entry.iat {
        _ = try await push(found.token, expected: account, by: requester)
        outcome.renewed = 1
      } else {
        outcome.kept = 1
      }
    } catch let reason as FoundToken.Reason {
      outcome.refused = ["\(account): \(reason.text)"]
    } catch let refusal as Refusal {
      outcome.refused = ["\(account): \(refusal.message)"]
    }
    return outcome
  }
}

extension CopyOutcome {
  fileprivate mutating func add(_ other: CopyOutcome) {
    taken += other.taken
    renewed += other.renewed
    kept += other.kept
    refused += other.refused
  }
}
