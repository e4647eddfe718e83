import Claims
import ClaimsRegistry
import Nkeys

@testable import ClaimsNATS

/// How servers of ours come to one state, as they do it among themselves.
extension SimManager {
  private static let interval = Duration.seconds(8)

  /// Tells the others its hash from time to time.
  func beacon() {
    tell()
    world.network.after(Self.interval) { [self] in beacon() }
  }

  func tell() {
    guard isUp else { return }
    let whole = store.whole
    told = whole
    world.toManagers(from: node) { [self] in $0.heard(self, whole) }
  }

  private func heard(_ peer: SimManager, _ theirs: [UInt8]) {
    let token = "\(node) \(counts.exchanges)"
    guard peers.heard("\(peer.node)", hash: theirs, own: store.whole, token: token, at: world.network.instant) else { return }
    counts.exchanges += 1
    let (own, session) = (store.hash, session)
    world.network.send(from: node, to: peer.node) { [self] in
      if peer.isUp { peer.answer(token, to: self, own) { self.session == session } }
    }
  }

  /// Tells what it holds in the parts that differ, and then that this was all; `isHeard` tells whether the other side still listens.
  private func answer(_ token: String, to peer: SimManager, _ theirs: StateHash, isHeard: @escaping () -> Bool) {
    let differing = Set(store.hash.differing(from: theirs))
    let lines = store.states.filter { differing.contains($0.key.raw.withUnsafeBytes { Int($0[0]) }) }
    let claims = lines.compactMapValues { store.tokens[$0.version.digest] }
    world.network.send(from: node, to: peer.node) { if isHeard() { peer.take(lines, claims, token) } }
    world.network.send(from: node, to: peer.node) {
      if isHeard() { peer.peers.told(token, taken: 0, isLast: true, at: peer.world.network.instant) }
    }
  }

  private func take(_ lines: [AccountKey: SimStore.State], _ claims: [AccountKey: SimToken], _ token: String) {
    guard peers.peer(asked: token) != nil else { return }
    let taken = lines.count { account, state in claims[account].map { store.merge(account, state, claim: $0) } ?? false }
    peers.told(token, taken: taken, isLast: false, at: world.network.instant)
  }
}
