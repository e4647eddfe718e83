import Claims
import ClaimsRegistry
import ClaimsTestSupport
import Nkeys

@testable import ClaimsNATS

/// Five servers of ours, twenty nats-servers and somebody who sends old and foreign claims, on one network.
final class SimWorld {
  /// What was sent.
  struct Counts: Equatable {
    var announcements = 0
    var exchanges = 0
  }

  static let interval = Duration.seconds(8)
  private static let managerCount = 5
  private static let serverCount = 20
  private static let accountCount = 6

  let network: SimNetwork
  private(set) var managers: [SimManager] = []
  private(set) var servers: [SimServer] = []
  let accounts: [AccountKey]
  /// The newest that any of ours accepted of each account.
  private(set) var best: [AccountKey: TokenVersion] = [:]
  private var history: [AccountKey: [SimToken]] = [:]
  private var number = 0
  private let skews: [Int64]

  init(seed: UInt64) throws {
    let network = SimNetwork(nodes: Self.managerCount + Self.serverCount + 1, seed: seed)
    self.network = network
    accounts = (0..<Self.accountCount).map { _ in Self.account(&network.random) }
    skews = (0..<Self.managerCount).map { _ in Int64.random(in: -3...3, using: &network.random) }
    managers = (0..<Self.managerCount).map { SimManager(self, node: $0) }
    servers = try (0..<Self.serverCount).map { try SimServer(self, node: Self.managerCount + $0) }
    for server in servers { server.beat() }
    for manager in managers { manager.start() }
  }

  /// An account's key, the same for a seed: any bytes that are no weak point will do.
  private static func account(_ random: inout SeededGenerator) -> AccountKey {
    while true {
      let bytes = (0..<RawKey.count).map { _ in UInt8.random(in: 0...255, using: &random) }
      if let key = RawKey(bytes).flatMap({ AccountKey(raw: $0) }) { return key }
    }
  }

  func accepted(_ account: AccountKey, _ version: TokenVersion) {
    best[account] = best[account].map { max($0, version) } ?? version
  }

  func toServers(from node: Int, _ arrival: @escaping (SimServer) -> Void) {
    for server in servers { network.send(from: node, to: server.node) { arrival(server) } }
  }

  /// Claims on an account's subject: every server and every one of ours hears them but the sender.
  func publish(_ account: AccountKey, _ token: SimToken, from node: Int, reply: ((ServerReply, ServerInfo) -> Void)?) {
    toServers(from: node) { [network] server in
      server.update(account, token) { answer, info in network.send(from: server.node, to: node) { reply?(answer, info) } }
    }
    for manager in managers where manager.node != node { network.send(from: node, to: manager.node) { manager.update(account, token) } }
  }

  /// The seconds since 1970 on the clock of whoever signs for one of ours.
  private func wall(_ manager: Int) -> Int64 { 1_700_000_000 + network.now.components.seconds + skews[manager] }

  // MARK: What happens

  /// Something happens every few hundred milliseconds, in bad weather and behind partitions that come and go.
  func rage(for duration: Duration) throws {
    network.weather = .storm
    let end = network.now + duration
    while network.now < end {
      if network.chance(0.05) {
        let count = Int.random(in: 1...3, using: &network.random)
        network.sides = network.sides.map { _ in Int.random(in: 0..<count, using: &network.random) }
      }
      try happen()
      network.run(for: .milliseconds(Int.random(in: 50...400, using: &network.random)))
    }
    network.weather = .calm
    network.sides = network.sides.map { _ in 0 }
  }

  private func happen() throws {
    let account = accounts[Int.random(in: 0..<accounts.count, using: &network.random)]
    let manager = Int.random(in: 0..<managers.count, using: &network.random)
    let server = servers[Int.random(in: 0..<servers.count, using: &network.random)]
    switch Int.random(in: 0..<100, using: &network.random) {
    case 0..<35:
      number += 1
      let token = SimToken(number, iat: wall(manager))
      history[account, default: []].append(token)
      managers[manager].push(account, token)
    case 35..<40:
      number += 1
      managers[manager].delete(account, SimToken(number, iat: wall(manager)))
    case 40..<75: server.connect(account)
    case 75..<77: try server.restart()
    case 77..<97:
      if let old = history[account]?.randomElement(using: &network.random) {
        publish(account, old, from: network.sides.count - 1, reply: nil)
      }
    default:
      number += 1
      publish(account, SimToken(number, iat: wall(manager) + 5, isTrusted: false), from: network.sides.count - 1, reply: nil)
    }
  }

  // MARK: What is looked at

  /// What was sent so far.
  var counts: [Counts] { managers.map(\.counts) }

  /// Where ours do not agree.
  var disagreements: [String] {
    accounts.compactMap { account in
      let served = Set(managers.map { $0.states[account].map { "\($0.version.iat) \($0.version.digest) \($0.version.isDeleted)" } })
      return served.count > 1 ? "\(account): \(served)" : nil
    }
  }

  /// Accounts of which ours hold something older than what one of them had accepted.
  var losses: [String] {
    accounts.compactMap { account in
      guard let best = best[account], let state = managers[0].states[account] else { return nil }
      return state.version < best && state.version.digest != best.digest ? "\(account): \(state.version) is older than \(best)" : nil
    }
  }

  /// Servers that hold something else than ours; of deleted accounts they cannot be told.
  var stale: [String] {
    servers.flatMap { server in
      server.loaded.compactMap { account, token in
        guard let state = managers[0].states[account], let own = state.token else { return nil }
        return own == token ? nil : "\(server.info.id) holds \(token.iat) instead of \(own.iat) of \(account)"
      }
    }
  }
}
