import Claims

@testable import ClaimsNATS

extension SimWorld {
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
    let manager = managers[Int.random(in: 0..<managers.count, using: &network.random)]
    let server = servers[Int.random(in: 0..<servers.count, using: &network.random)]
    switch Int.random(in: 0..<100, using: &network.random) {
    case 0..<32:
      let token = sign(for: manager.node)
      history[account, default: []].append(token)
      manager.push(account, token)
    case 32..<37: manager.delete(account, sign(for: manager.node))
    case 37..<69: server.connect(account)
    case 69..<71: try server.restart()
    case 71..<74: manager.loseLink()
    case 74..<77: manager.failsNext = true
    case 77..<79: manager.restart()
    case 79..<80: setClock(of: manager.node)
    case 80..<97: if let old = history[account]?.randomElement(using: &network.random) { intrude(account, old) }
    default: intrude(account, sign(for: manager.node, ahead: 5, isTrusted: false))
    }
  }
}
