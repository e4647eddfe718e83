import Claims
import ClaimsRegistry
import ClaimsStore
import Nkeys
import Synchronization

extension SystemWatch {
  /// Takes what an event says of an account into its figures.
  func takeActivity(_ event: SystemEvent, _ server: ServerInfo) async {
    let reason = NATSError.printable(event.body?["reason"]?.text ?? "")
    let time = registry.clock.milliseconds()
    switch event.kind {
    case .connect:
      guard let account = event.account else { return }
      state.withLock { $0.core.activity.connected(account, at: time) }
      if let key = try? AccountKey(account) { await handle(.connecting(key)) }
    case .disconnect:
      guard let account = event.account else { return }
      state.withLock { $0.core.activity.disconnected(account, reason: reason, at: time) }
      metrics.gone(reason: reason)
    case .connections:
      guard let account = event.account else { return }
      let counts = ["conns", "leafnodes"].map { Int(Int32(clamping: event.body?[$0]?.integer ?? 0)) }
      let count = counts.reduce(0, +)
      state.withLock { state in
        if state.core.fleet.members[server.id] != nil { state.core.activity.connections(count, of: account, at: server.id) }
      }
    case .authError:
      metrics.refusedClient()
      // Nothing proves the token: an account that nobody has must not take a place among those that are.
      let user = event.body?["client"]?["jwt"]?.text.flatMap { UserOfToken(Token($0)) }
      guard let account = user.flatMap({ try? AccountKey($0.account) }) else { return }
      if registry.store.index.bareEntry(of: account.raw) == nil {
        registry.unknownAccounts.asked(account)
      } else {
        state.withLock { $0.core.activity.refused(account.text) }
      }
    default: break
    }
  }
}
