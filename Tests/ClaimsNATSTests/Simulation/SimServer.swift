import Claims

@testable import ClaimsNATS

/// A nats-server with a URL resolver: it fetches an account when a client comes, never asks again, and applies whatever genuine claims come last.
final class SimServer {
  let node: Int
  private let world: SimWorld
  /// What it holds in memory.
  private(set) var loaded: [AccountKey: SimToken] = [:]
  private(set) var info: ServerInfo
  /// How often it applied older claims than those that it held.
  private(set) var rollbacks = 0
  private var starts = 0

  init(_ world: SimWorld, node: Int) throws {
    self.world = world
    self.node = node
    info = try Self.info(node, 0)
  }

  private static func info(_ node: Int, _ starts: Int) throws -> ServerInfo {
    let object = JSONValue.object([.init("id", .string("N\(node)-\(starts)")), .init("name", .string("s\(node)"))])
    return try ServerInfo(server: object) ?? { throw SimulationError(description: "no server") }()
  }

  /// It forgets everything, and has another id.
  func restart() throws {
    starts += 1
    loaded = [:]
    info = try Self.info(node, starts)
  }

  /// A client of an account comes.
  func connect(_ account: AccountKey) {
    let manager = world.managers[node % world.managers.count]
    if loaded[account] == nil, manager.isRunning, world.network.isConnected(node, manager.node),
      let token = manager.store.states[account]?.token
    {
      loaded[account] = token
    }
    guard loaded[account] != nil else { return }
    world.toManagers(from: node) { $0.handle(.connecting(account)) }
  }

  /// Claims came on an account's subject.
  func update(_ account: AccountKey, _ token: SimToken, reply: ((ServerReply, ServerInfo) -> Void)?) {
    let answer: ServerReply
    if !token.isTrusted {
      answer = .refused("account validation failed")
    } else if let held = loaded[account] {
      if token.iat < held.iat { rollbacks += 1 }
      loaded[account] = token
      answer = .applied
    } else {
      answer = .notLoaded
    }
    reply?(answer, info)
  }

  func beat() {
    let info = info
    world.toManagers(from: node) { $0.handle(.heard(info)) }
    world.network.after(.seconds(10)) { [self] in beat() }
  }
}

struct SimulationError: Error, CustomStringConvertible {
  let description: String
}
