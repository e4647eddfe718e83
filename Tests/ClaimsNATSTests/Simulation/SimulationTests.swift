import Foundation
import Glibc
import Testing

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

  @Test("hold the same in the end, lose nothing, and fall silent", .serialized, arguments: shares)
  func convergence(_ seeds: [UInt64]) async throws {
    for seed in seeds {
      let faults = try await Self.aside { try Self.faults(of: seed) }
      #expect(faults == [], "seed \(seed)")
    }
  }

  /// A run computes for a second without a pause: on the threads of all tests it would hold them up, and beside them it takes the time that they leave.
  private static func aside<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread {
        // Of this thread alone.
        setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 15)
        continuation.resume(with: Result { try body() })
      }
    }
  }

  /// What is wrong; of many faults, which nearly always have one cause, the first.
  private static func faults(of seed: UInt64) throws -> [String] {
    var run = try SimRun(seed: seed)
    try run.run()
    return Array(run.faults.prefix(8))
  }
}
