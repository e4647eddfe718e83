import Claims
import ClaimsRegistry
import Synchronization

/// What the doors ask of the nats-servers.
extension SystemWatch: ServerFleet {
  var isConnected: Bool { link.connection != nil }

  func servers() -> [FleetServer] { state.withLock { $0.core.fleet.servers(at: .now) } }

  func delivery(of account: AccountKey, since sequence: Int64?, within patience: Duration) async -> DeliveryReport? {
    let report = { [self] in
      state.withLock { state in
        state.core.report(of: account, at: .now)
      }
    }
    // Of a change that was never announced there is nothing to wait for.
    if patience > .zero, sequence != nil || report() != nil {
      await waiters.wait(for: account, within: patience) {
        report().map { $0.isConfirmed && $0.sequence >= sequence ?? 0 } ?? false
      }
    }
    guard let report = report(), report.sequence >= sequence ?? 0 else { return nil }
    return report
  }

  func drift() -> [AccountDrift] { state.withLock { state in state.core.drift.all { state.core.fleet.label(of: $0) } } }

  func figures(of account: AccountKey) -> AccountFigures? {
    state.withLock { state in state.core.activity.figures(of: account.text) { state.core.fleet.label(of: $0) } }
  }

  func figures() -> [(account: String, figures: AccountFigures)] {
    state.withLock { state in state.core.activity.all { state.core.fleet.label(of: $0) } }
  }

  func clients(of account: AccountKey) async -> ConnectedClients? {
    let (live, unseen) = state.withLock { state in
      let fleet = state.core.fleet
      return (Dictionary(uniqueKeysWithValues: fleet.live.map { ($0, fleet.label(of: $0)) }), fleet.unseen)
    }
    var clients = await ClientQuery(questions: questions).clients(of: account, at: live)
    clients?.silent += unseen
    return clients
  }
}
