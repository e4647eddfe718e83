import Claims
import TestSupport
import Testing

@testable import ClaimsNATS

@Suite("The documented subjects of the system account")
struct DocumentedSubjectTests {
  @Test("what real servers sent there is read", arguments: DocumentedSubject.all, CapturedVersion.allCases)
  func isRead(_ documented: DocumentedSubject, _ version: CapturedVersion) throws {
    let captured = try CapturedMessage(documented.sample, version)
    switch documented.reading {
    case .event(let old, let new):
      if documented.remark == nil { #expect(Self.form(of: captured.subject) == documented.subject) }
      #expect(try Self.line(captured.event()) == (version == .old ? old : new))
    case .reply(let endpoint, let old, let new):
      let reply = try #require(FleetReply(captured.payload))
      let table = endpoint.map { ReplyTable($0, [reply]) } ?? .servers([reply])
      let row = CapturedKeys.shortened(try #require(table.rows.first).joined(separator: " | "))
      #expect(row == (version == .old ? old : new))
      #expect(table.rows.allSatisfy { $0.count == table.titles.count })
    }
  }

  @Test("what is asked of one server or of all of them has the documented subject")
  func requestSubjects() {
    let documented = DocumentedSubject.all.map(\.subject)
    for endpoint in [ServerEndpoint.varz, .connz, .routez, .gatewayz, .leafz, .subsz, .statsz] {
      #expect(documented.contains(endpoint.subject(of: "<id>")))
      #expect(endpoint.fleetSubject == "$SYS.REQ.SERVER.PING.\(endpoint.rawValue)")
      // Without an endpoint a ping is answered with the same figures.
      if endpoint != .statsz { #expect(documented.contains(endpoint.fleetSubject)) }
    }
    #expect(documented.contains(ServerEndpoint.pingSubject))
  }

  @Test("a leaf node that goes is heard where it would be sent, and where it is")
  func leafNodeGone() throws {
    let subject = "$SYS.ACCOUNT.A.LEAFNODE.DISCONNECT"
    #expect(SystemSubject.read(subject)?.kind == .leafDisconnect)
    var filter = EventFilter()
    filter.kinds = [.leafDisconnect]
    #expect(filter.subjects == ["$SYS.ACCOUNT.>"])
    for version in CapturedVersion.allCases {
      #expect(filter.admits(try CapturedMessage("leafnode-gone-disconnect", version).reading()))
      #expect(!filter.admits(try CapturedMessage("account-disconnect", version).reading()))
    }
  }

  @Test("a count is one event, although it comes on two subjects", arguments: CapturedVersion.allCases)
  func countedOnce(_ version: CapturedVersion) throws {
    var repeats = EventRepeats()
    let events = try ["server-account-conns", "account-server-conns"].map { try CapturedMessage($0, version).event() }
    #expect(Set(events.map(\.subject)).count == 2 && Set(events.map(\.kind)) == [.connections])
    #expect(events.map { repeats.isNew($0) } == [true, false])
  }

  /// The line, with one blank behind the kind's padding and short names for keys.
  private static func line(_ event: SystemEvent) -> String {
    CapturedKeys.shortened(EventLine(EventReading(event), arrival: "now").text).replacing(#/ {3,}/#, with: "  ")
  }

  /// The subject with `<id>` for the key in it.
  private static func form(of subject: String) -> String {
    subject.replacing(#/[NA][A-Z2-7]{55}/#, with: "<id>")
  }
}
