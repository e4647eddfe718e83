import Claims
import ClaimsRegistry
import ClaimsTestSupport
import Nkeys

@testable import ClaimsNATS

/// Five servers of ours, twenty nats-servers and somebody who sends old and foreign claims, on one network.
final class SimWorld {
  /// What one of ours sent and stored.
  struct Counts {
    var announcements = 0
    /// Questions to others of ours for what differs.
    var exchanges = 0
    /// What its log has: pushes, deletions, and what was merged.
    var records = 0
    /// Questions to the servers, which are asked for ever: who they are, which accounts they hold, what they hold of an account.
    var pings = 0
    var lists = 0
    var holdings = 0
  }

  static let interval = Duration.seconds(8)
  private static let managerCount = 5
  private static let serverCount = 20
  private static let accountCount = 6

  let network: SimNetwork
  private(set) var managers: [SimManager] = []
  private(set) var servers: [SimServer] = []
  let accounts: [AccountKey]
  /// How often ours look what is to be done. Where nothing is to be done, seldom is enough: what is due is done at the next look.
  var pace = Duration.milliseconds(250) {
    didSet {
      paces += 1
      look(paces)
    }
  }
  private var paces = 0
  /// How far the clocks are off: those of ours, and those of whoever signs for them.
  private var clocks: [Int64] = []
  private var signers: [Int64] = []
  /// All that was signed, genuine tokens only.
  var history: [AccountKey: [SimToken]] = [:]
  private var number = 0
  /// What is known of what was accepted, without asking any of the rules.
  private(set) var audit = SimAudit()

  init(seed: UInt64) throws {
    let network = SimNetwork(nodes: Self.managerCount + Self.serverCount + 1, seed: seed)
    self.network = network
    accounts = (0..<Self.accountCount).map { _ in Self.account(&network.random) }
    setClocks()
    managers = (0..<Self.managerCount).map { SimManager(self, node: $0) }
    servers = try (0..<Self.serverCount).map { try SimServer(self, node: Self.managerCount + $0) }
    for server in servers { server.beat() }
    for manager in managers {
      manager.start()
      manager.beacon()
    }
    look(paces)
  }

  /// An account's key, the same for a seed: any bytes that are no weak point will do.
  private static func account(_ random: inout SeededGenerator) -> AccountKey {
    while true {
      let bytes = (0..<RawKey.count).map { _ in UInt8.random(in: 0...255, using: &random) }
      if let key = RawKey(bytes).flatMap({ AccountKey(raw: $0) }) { return key }
    }
  }

  // MARK: Time

  /// The clocks of ours are minutes apart. Whoever signs goes by one of them, or all sign by clocks that nearly agree: then more is of one second.
  private func setClocks() {
    clocks = (0..<Self.managerCount).map { _ in Int64.random(in: -140...140, using: &network.random) }
    let agree = network.chance(0.7)
    signers = clocks.map { agree ? Int64.random(in: -3...3, using: &network.random) : $0 }
  }

  /// Somebody sets the clock of one of ours, forth or back.
  func setClock(of manager: Int) { clocks[manager] += Int64.random(in: -5...5, using: &network.random) }

  private var time: Int64 { 1_700_000_000 + network.now.components.seconds }

  /// The seconds since 1970 on the clock of one of ours.
  func clock(of manager: Int) -> Int64 { time + clocks[manager] }

  private func look(_ pace: Int) {
    guard pace == paces else { return }
    for manager in managers { manager.tick() }
    network.after(self.pace) { [self] in look(pace) }
  }

  // MARK: Messages

  func toServers(from node: Int, _ arrival: @escaping (SimServer) -> Void) {
    for server in servers { network.send(from: node, to: server.node) { arrival(server) } }
  }

  /// Every one of ours hears it but the sender, and those that have no connection when it comes.
  func toManagers(from node: Int, _ arrival: @escaping (SimManager) -> Void) {
    for manager in managers where manager.node != node {
      network.send(from: node, to: manager.node) { if manager.isUp { arrival(manager) } }
    }
  }

  /// Claims on an account's subject.
  func publish(_ account: AccountKey, _ token: SimToken, from node: Int, reply: ((ServerReply, ServerInfo) -> Void)?) {
    toServers(from: node) { [network] server in
      server.update(account, token) { answer, info in network.send(from: server.node, to: node) { reply?(answer, info) } }
    }
    toManagers(from: node) { $0.update(account, token) }
  }

  /// Somebody in the system account who is none of ours sends claims.
  func intrude(_ account: AccountKey, _ token: SimToken) { publish(account, token, from: network.sides.count - 1, reply: nil) }

  // MARK: Claims

  /// New claims, or a new delete claim, signed by whoever signs for one of ours.
  func sign(for manager: Int, ahead: Int64 = 0, isTrusted: Bool = true) -> SimToken {
    number += 1
    return SimToken(number, iat: time + signers[manager] + ahead, isTrusted: isTrusted)
  }

  /// One of ours stored something.
  func changed(_ manager: Int, _ account: AccountKey, _ before: SimStore.State?, _ after: SimStore.State) {
    audit.changed(manager, account, before?.version, after.version)
    managers[manager].changed()
  }
}
