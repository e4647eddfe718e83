import ClaimsTestSupport
import Dispatch
import Foundation
import Testing

@testable import ClaimsNATS

@Suite("Five servers of ours and twenty nats-servers behind a bad network")
struct SimulationTests {
  /// 200 in every run of the tests, more where there is time; a failing seed alone, with the hashes that `make test` has:
  /// `SWIFT_DETERMINISTIC_HASHING=1 NATS_CLAIMS_SEED=17`.
  private static let seeds: [UInt64] = {
    let environment = ProcessInfo.processInfo.environment
    if let seed = environment["NATS_CLAIMS_SEED"].flatMap({ UInt64($0) }) { return [seed] }
    return Array(1...(environment["NATS_CLAIMS_LONG"] == nil ? 200 : 1000))
  }()

  /// So many together, so that the report is not a thousand lines.
  private static let shares = stride(from: 0, to: seeds.count, by: 25).map { Array(seeds[$0..<min($0 + 25, seeds.count)]) }

  /// A run computes for a second without a pause: on the threads of all tests it would hold them up.
  private static let queue = DispatchQueue(label: "simulation", qos: .utility)

  @Test("hold the same in the end, lose nothing, and fall silent", arguments: shares)
  func convergence(_ seeds: [UInt64]) async throws {
    for seed in seeds {
      let faults = try await withCheckedThrowingContinuation { continuation in
        Self.queue.async { continuation.resume(with: Result { try Self.faults(of: seed) }) }
      }
      #expect(faults == [], "seed \(seed)")
    }
  }

  /// What is wrong in the end.
  private static func faults(of seed: UInt64) throws -> [String] {
    let world = try SimWorld(seed: seed)
    try world.rage(for: .seconds(15))
    // Two rounds of comparing, and what a repair that was put off waits for after a quarter of a minute of fighting.
    world.network.run(for: SimWorld.interval * 2 + .seconds(40))
    var faults = world.disagreements + world.losses + world.stale
    // What still waits for its pause is done once, and then there is silence.
    var before = world.counts
    for _ in 0..<6 {
      before = world.counts
      // From here on no server is to apply anything older for a second.
      for _ in 0..<20 {
        world.network.run(for: .seconds(1))
        faults += world.stale
      }
      if world.counts == before { break }
    }
    if world.counts != before { faults.append("there is still traffic: \(before) became \(world.counts)") }
    return faults
  }
}
