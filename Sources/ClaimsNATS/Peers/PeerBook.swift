import Claims

/// Which other server of ours is asked for what it holds, and when. Pure.
///
/// Each tells the hash of its state from time to time. Where it is another than ours, we ask for what differs; if nothing of that was new to us,
/// the other side has to ask us, and we ask again only after a pause that grows, or when one of the hashes changed. Servers that cannot agree,
/// because they trust different operators, do not exchange the same for ever.
struct PeerBook: Sendable {
  typealias Instant = ContinuousClock.Instant

  private struct Peer: Sendable {
    var heard: Instant
    var isAsked = false
    var asked: Instant
    var pause = Duration.zero
    /// The hashes, theirs and ours, that the pause is about.
    var fruitless: [[UInt8]] = []
    /// What it holds otherwise and is not taken here, with the reason.
    var refused: [AccountKey: String] = [:]
  }

  private static let most = 64
  private static let memory = Duration.seconds(120)
  private static let patience = Duration.seconds(60)

  private let firstPause: Duration
  private let longestPause: Duration
  private var peers: [String: Peer] = [:]

  init(firstPause: Duration = .seconds(5), longestPause: Duration = .seconds(600)) {
    self.firstPause = firstPause
    self.longestPause = longestPause
  }

  /// What peers hold otherwise and is not taken here: the account, the peer and the reason.
  var disagreements: [(account: AccountKey, peer: String, reason: String)] {
    peers.flatMap { id, peer in peer.refused.map { (account: $0.key, peer: id, reason: $0.value) } }.sorted {
      ($0.account, $0.peer) < ($1.account, $1.peer)
    }
  }

  /// How many had to make room for others.
  private(set) var passedOver = 0

  /// How many were heard of in the last two minutes.
  var count: Int { peers.count }

  /// A peer told the hash of its state.
  ///
  /// - Returns: whether it is to be asked now.
  mutating func heard(_ id: String, hash: [UInt8], own: [UInt8], at now: Instant) -> Bool {
    look(at: now)
    if peers[id] == nil, peers.count >= Self.most, let oldest = peers.min(by: { $0.value.heard < $1.value.heard })?.key {
      // Anybody can invent peers: those that go on telling their hash come back.
      peers[oldest] = nil
      passedOver += 1
    }
    var peer = peers[id] ?? Peer(heard: now, asked: now)
    peer.heard = now
    defer { peers[id] = peer }
    guard hash != own else {
      peer.pause = .zero
      peer.fruitless = []
      peer.refused = [:]
      return false
    }
    if peer.isAsked, peer.asked.duration(to: now) < Self.patience { return false }
    if peer.fruitless == [hash, own], peer.asked.duration(to: now) < peer.pause { return false }
    if peer.fruitless != [hash, own] { peer.pause = .zero }
    peer.fruitless = [hash, own]
    peer.isAsked = true
    peer.asked = now
    return true
  }

  /// Forgets those that fell silent.
  mutating func look(at now: Instant) { peers = peers.filter { $0.value.heard.duration(to: now) < Self.memory } }

  /// A peer that was asked told what it holds.
  ///
  /// - Parameters:
  ///   - id: the peer.
  ///   - taken: how much of it was new here.
  ///   - refused: what of it was not taken, with the reasons.
  ///   - now: the time.
  mutating func answered(_ id: String, taken: Int, refused: [AccountKey: String] = [:], at now: Instant) {
    guard var peer = peers[id] else { return }
    peer.isAsked = false
    peer.refused = refused
    peer.asked = now
    peer.pause = taken > 0 ? .zero : min(peer.pause == .zero ? firstPause : peer.pause * 2, longestPause)
    peers[id] = peer
  }
}
