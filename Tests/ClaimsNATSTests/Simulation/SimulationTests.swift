import Foundation
import Testing

@testable import ClaimsNATS

@Suite("Five servers of ours and twenty nats-servers behind a bad network")
struct SimulationTests {
  /// 200 in every run of the tests, more where there is time; a failing seed alone: `NATS_CLAIMS_SEED=17`.
  private static let seeds: [UInt64] = {
    let environment = ProcessInfo.processInfo.environment
    if let seed = environment["NATS_CLAIMS_SEED"].flatMap({ UInt64($0) }) { return [seed] }
    return Array(1...(environment["NATS_CLAIMS_LONG"] == nil ? 200 : 1000))
  }()

  /// So many together, so that the report is not a thousand lines.
  private static let shares = stride(from: 0, to: seeds.count, by: 25).map { Array(seeds[$0..<min($0 + 25, seeds.count)]) }

  @Test("hold the same in the end, lose nothing, and fall silent", arguments: shares)
  func convergence(_ seeds: [UInt64]) throws {
    for seed in seeds { try run(seed) }
  }

  private func run(_ seed: UInt64) throws {
    let world = try SimWorld(seed: seed)
    try world.rage(for: .seconds(30))
    // Two rounds of comparing, and what a repair that was put off waits for at most after half a minute of fighting.
    world.network.run(for: SimWorld.interval * 2 + .seconds(60))
    #expect(world.disagreements.isEmpty, "seed \(seed): \(world.disagreements)")
    #expect(world.losses.isEmpty, "seed \(seed): \(world.losses)")
    #expect(world.stale.isEmpty, "seed \(seed): \(world.stale)")
    let before = world.counts
    world.network.run(for: .seconds(40))
    #expect(world.counts == before, "seed \(seed): there is still traffic")
    #expect(world.stale.isEmpty, "seed \(seed): \(world.stale)")
  }
}
