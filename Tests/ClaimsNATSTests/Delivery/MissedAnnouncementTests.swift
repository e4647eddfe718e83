import Claims
import ClaimsRegistry
import ClaimsTestSupport
import Testing

@testable import ClaimsNATS

@Suite("An announcement that a server missed")
struct MissedAnnouncementTests {
  private static let start = ContinuousClock.now
  private let account: AccountKey
  private let server: ServerInfo
  private let cause = Repairs.Cause(text: "older than the stored claims", issuer: "O", place: "server s1")
  private let entry = DriftTable.Entry(kind: .older, iat: 1)

  init() throws {
    account = try TestAuthority.account()
    server = try #require(ServerInfo(Array(#"{"server":{"name":"s1","id":"NS1","ver":"2.9.10"}}"#.utf8)))
  }

  private func at(_ seconds: Double) -> SystemCore.Instant { Self.start + .seconds(seconds) }

  /// A server that was told of a change of the account.
  private func told() -> SystemCore {
    var core = SystemCore()
    _ = core.handle(.linkUp, at: at(0))
    _ = core.handle(.heard(server), at: at(0))
    _ = core.handle(.announced(account, sequence: 1), at: at(0))
    return core
  }

  @Test("is repeated at once when the server is found to hold older claims, and that is no fight")
  func found() throws {
    var core = told()
    for round in 1...20 {
      #expect(core.handle(.differs(account, server, entry, cause), at: at(Double(round))) == [.announce(account)])
      #expect(core.handle(.differs(account, server, entry, cause), at: at(Double(round) + 0.1)) == [], "once is enough for all servers")
    }
    #expect(core.repairs.alerts.isEmpty)
  }

  @Test("that the server confirmed was not missed: somebody sent it older claims")
  func confirmed() throws {
    var core = told()
    _ = core.handle(.replied(.applied, token: DeliveryLedger.token(of: 1), server), at: at(0.1))
    for round in 1...10 { _ = core.handle(.differs(account, server, entry, cause), at: at(Double(round))) }
    #expect(core.repairs.alerts.map(\.account) == [account])
  }

  @Test("that the server refuses waits for its pause: it would be refused again")
  func refused() throws {
    var core = told()
    _ = core.handle(.replied(.refused("no"), token: DeliveryLedger.token(of: 1), server), at: at(0.1))
    #expect(core.handle(.differs(account, server, entry, cause), at: at(1)) == [])
    #expect(core.repairs.alerts.isEmpty)
  }
}
