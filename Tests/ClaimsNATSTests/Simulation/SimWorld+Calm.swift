import Claims
import ClaimsRegistry

@testable import ClaimsNATS

/// What is done, and looked at, when the weather is good again.
extension SimWorld {
  /// Lets time pass until ours agree and have announced all, and every server holds what they hold.
  ///
  /// - Returns: whether that was so in time.
  func settle(within patience: Duration) -> Bool {
    pace = .seconds(1)
    let end = network.now + patience
    while network.now < end {
      if isSettled { return true }
      network.run(for: .seconds(1))
    }
    return isSettled
  }

  /// Lets time pass in which nothing happens.
  func idle(for duration: Duration) {
    pace = .seconds(60)
    network.run(for: duration)
  }

  /// Clients of every account come to every server, so that all of them hold it.
  func fill() {
    for account in accounts { for server in servers { server.connect(account) } }
  }

  /// Somebody sends older claims of an account, which are genuine; or claims of a deleted account.
  ///
  /// - Returns: whether servers went back.
  func rollBack(_ account: AccountKey) -> Bool {
    guard let state = managers[0].store.states[account],
      let old = history[account]?.filter({ $0.iat < state.version.iat }).randomElement(using: &network.random)
    else { return false }
    intrude(account, old)
    return state.token != nil
  }

  // MARK: What is looked at

  /// What was sent and stored so far, by each of ours.
  var counts: [Counts] { managers.map(\.counted) }

  private var isSettled: Bool { disagreements.isEmpty && stale.isEmpty && unannounced.isEmpty }

  /// Where ours do not agree.
  var disagreements: [String] {
    accounts.compactMap { account in
      let served = Set(
        managers.map { $0.store.states[account].map { "\($0.version.iat) \($0.version.digest) \($0.version.isDeleted)" } })
      return served.count > 1 ? "\(account): \(served)" : nil
    }
  }

  /// Accounts of which ours hold something older than what one of them had accepted, and where one of them went back.
  var losses: [String] {
    audit.faults
      + managers.flatMap { manager in manager.store.states.flatMap { audit.faults(of: $0.value.version, $0.key) } }
  }

  /// Which of ours have not announced all that they stored.
  var unannounced: [String] {
    managers.compactMap { manager in
      let (cursor, last) = (manager.store.cursor, manager.store.log.count)
      return cursor < last ? "\(manager.node) announced \(cursor) of \(last)" : nil
    }
  }

  /// Servers that hold something else than ours; of deleted accounts they cannot be told.
  var stale: [String] {
    servers.flatMap { server in
      server.loaded.compactMap { account, token in
        guard let own = managers[0].store.states[account]?.token else { return nil }
        return own == token ? nil : "\(server.info.id) holds \(token.iat) instead of \(own.iat) of \(account)"
      }
    }
  }
}
