import Claims
import ClaimsTestSupport
import Testing

@testable import ClaimsStore

@Suite("Which accounts the newest records changed")
struct LogPositionTests {
  private let position = LogPosition()
  private let accounts: [AccountKey]

  init() throws {
    accounts = try (0..<3).map { _ in try TestAuthority.account() }
  }

  private func record(_ sequence: Int64) -> ChangeRecord {
    ChangeRecord(sequence: sequence, change: change(accounts[Int(sequence) % accounts.count], "\(sequence)"), chain: [])
  }

  /// The sequences told after one, by a log that holds these records.
  private func sequences(after start: Int64, limit: Int = 100, log: MemoryChangeLog = MemoryChangeLog()) async throws -> [Int64] {
    let changed = try await position.changedAccounts(after: start, limit: limit, in: log)
    for one in changed { #expect(one.account == accounts[Int(one.sequence) % accounts.count]) }
    return changed.map(\.sequence)
  }

  @Test("are told from memory as far as it reaches, as many as are asked for")
  func recent() async throws {
    position.advance(over: [record(7), record(8)])
    position.advance(over: [record(9)])
    #expect(position.last == 9)
    #expect(try await sequences(after: 6) == [7, 8, 9])
    #expect(try await sequences(after: 7, limit: 1) == [8])
    #expect(try await sequences(after: 9) == [])
    #expect(try await sequences(after: 6, limit: 2) == [7, 8])
  }

  @Test("are read from the log when they lie further back, and never beyond the position")
  func older() async throws {
    let log = MemoryChangeLog()
    for sequence in Int64(1)...5 {
      let change = record(sequence).change
      _ = try log.transaction { try $0.append(change) }
    }
    position.last = 3
    #expect(try await sequences(after: 0, log: log) == [1, 2, 3])
    position.advance(over: [record(4)])
    #expect(try await sequences(after: 1, log: log) == [2, 3, 4])
    #expect(try await sequences(after: 3, log: log) == [4])
  }

  @Test("are forgotten when many came since, and then read from the log")
  func bounded() async throws {
    let count = Int64(200_000)
    for sequence in 1...count { position.advance(over: [record(sequence)]) }
    #expect(try await sequences(after: 0) == [], "the log of this test is empty")
    #expect(try await sequences(after: count - 50_000, limit: 100_000).count == 50_000)
    #expect(try await sequences(after: count - 2) == [count - 1, count])
  }

  @Test("are not told across a gap")
  func gap() async throws {
    position.advance(over: [record(1), record(2)])
    position.advance(over: [record(5)])
    #expect(try await sequences(after: 0) == [], "the log of this test is empty")
    #expect(try await sequences(after: 4) == [5])
  }
}
