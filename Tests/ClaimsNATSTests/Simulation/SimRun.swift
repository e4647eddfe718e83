import Claims

@testable import ClaimsNATS

/// One run: a storm, the calm after it, attacks in the calm, and silence.
struct SimRun {
  /// How long after the storm all are to hold the same. A question to another of ours whose answer was lost is given up after 15 s and asked again
  /// after a pause of 5 s, when the other tells its hash; what was fought over in the storm is repaired after at most 20 s; servers are compared
  /// every 8 s.
  static let convergence = Duration.seconds(60)

  /// How long a server may hold older claims that somebody sent in the calm. Nearly always ours are announced in the same moment. Where the
  /// older ones arrive behind ours, servers are asked what they hold 300 ms later, at the next look (up to 250 ms), and ours are announced again:
  /// with the ways there and back that is 0.75 s.
  static let repair = Duration.seconds(1)

  /// How long after a fight an account is put right: what the first pause of ``Repairs`` is.
  static let postponedRepair = Duration.seconds(10) + repair

  /// How long after the last attack nothing is announced any more: pauses of a fight, and what is looked at after a repair.
  static let afterglow = Duration.seconds(60)

  /// How long there must be silence then: more than twice the longest pause there is, 600 s between two questions to another of ours that has
  /// nothing new.
  static let silence = Duration.seconds(1300)

  private static let attacks = 3

  private let world: SimWorld
  /// What went wrong.
  private(set) var faults: [String] = []

  init(seed: UInt64) throws {
    world = try SimWorld(seed: seed)
  }

  mutating func run() throws {
    try world.rage(for: .seconds(15))
    if !world.settle(within: Self.convergence) { faults.append("there is no agreement") }
    look()
    for _ in 0..<Self.attacks {
      // What was fought over is at peace after a minute.
      world.idle(for: .seconds(120))
      attack()
    }
    world.idle(for: .seconds(120))
    fight()
    listen()
  }

  private mutating func look() { faults += world.disagreements + world.losses + world.stale + world.unannounced }

  /// Every account is rolled back at once.
  private mutating func attack() {
    world.pace = .milliseconds(250)
    world.fill()
    // What servers hold is looked at when clients come: that is over before the attack.
    world.network.run(for: .seconds(2))
    // Messages overtake each other, but none is lost.
    world.network.weather = SimNetwork.Weather(duplicates: 0.1, delay: 1...40)
    let before = rollbacks
    let attacked = world.accounts.count { world.rollBack($0) }
    world.network.run(for: Self.repair)
    if rollbacks - before < attacked * world.servers.count { faults.append("not every server was rolled back") }
    look()
    for _ in 0..<5 {
      world.network.run(for: .seconds(1))
      look()
    }
    world.network.weather = .calm
  }

  private var rollbacks: Int { world.servers.reduce(0) { $0 + $1.rollbacks } }

  /// Somebody does not stop: ours do not fight on, and have the last word.
  private mutating func fight() {
    world.pace = .milliseconds(250)
    guard let account = world.accounts.first(where: { world.rollBack($0) }) else { return }
    for _ in 0..<5 {
      world.network.run(for: .seconds(1))
      _ = world.rollBack(account)
    }
    world.network.run(for: Self.postponedRepair)
    look()
  }

  /// From some time on there is silence, but for the questions to the servers, of which there are a few in every round.
  private mutating func listen() {
    world.pace = .seconds(1)
    world.network.run(for: Self.afterglow)
    let before = world.counts
    world.idle(for: Self.silence)
    for (before, after) in zip(before, world.counts) {
      if (before.announcements, before.exchanges, before.records) != (after.announcements, after.exchanges, after.records) {
        faults.append("there is still traffic: \(before) became \(after)")
      }
      let rounds = after.lists - before.lists
      if !(1...Int(Self.silence / SimWorld.interval)).contains(rounds) || after.pings - before.pings > rounds * 3
        || after.holdings - before.holdings > (rounds + 1) * world.accounts.count
      {
        faults.append("too much or nothing is asked: \(before) became \(after)")
      }
    }
    look()
  }
}
