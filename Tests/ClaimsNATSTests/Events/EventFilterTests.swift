import Claims
import Testing

@testable import ClaimsNATS

@Suite("Which events are wanted")
struct EventFilterTests {
  private static let account = "AD52CMZILOWBTA3JLYFUVY4RSC5O3BOPQTGHEJIRPRAXK4MEZTZYT5Q6"
  private static let refused = "ACBLYDN7GZ64T7DFFZ7L76JYW4JF2RW2TDAGYPNYUZ4BUOVOLFI3WKCR"

  private static func filter(_ edit: (inout EventFilter) -> Void) -> EventFilter {
    var filter = EventFilter()
    edit(&filter)
    return filter
  }

  @Test("without a filter all are, each subject listened to once, and names of accounts may have points in them")
  func all() throws {
    let subjects = EventFilter().subjects
    #expect(subjects.count == Set(subjects).count)
    #expect(subjects.contains("$SYS.ACCOUNT.>") && subjects.contains("$SYS.SERVER.*.SHUTDOWN"))
    #expect(SystemSubject.read("$SYS.ACCOUNT.acme.com.CONNECT")?.name == "acme.com")
    #expect(EventFilter().admits(try CapturedMessage("server-statsz", .new).reading()))
  }

  @Test("by kind: only their subjects are listened to, and leaf nodes count as their kind too")
  func kinds() throws {
    let counts = Self.filter { $0.kinds = [.connections] }
    #expect(counts.subjects == ["$SYS.SERVER.ACCOUNT.>", "$SYS.ACCOUNT.>"])
    #expect(counts.admits(try CapturedMessage("account-server-conns", .old).reading()))
    #expect(!counts.admits(try CapturedMessage("account-connect", .old).reading()))
    let leafs = Self.filter { $0.kinds = [.leafConnect] }
    #expect(leafs.subjects == ["$SYS.ACCOUNT.>"])
    #expect(leafs.admits(try CapturedMessage("leafnode-connect", .old).reading()))
    #expect(!leafs.admits(try CapturedMessage("account-connect", .old).reading()))
  }

  @Test("by account: its key, the name that the server tells, or what a refused client's token says")
  func accounts() throws {
    let byKey = Self.filter { $0.accounts = [Self.account] }
    let byName = Self.filter { $0.accounts = ["A"] }
    let byToken = Self.filter { $0.accounts = ["X", Self.refused] }
    let connect = try CapturedMessage("account-connect", .new).reading()
    let refusal = try CapturedMessage("client-auth-err", .new).reading()
    #expect(byKey.admits(connect) && byName.admits(connect) && !byToken.admits(connect))
    #expect(!byKey.admits(refusal) && byToken.admits(refusal))
    #expect(!byKey.admits(try CapturedMessage("server-statsz", .new).reading()))
  }

  @Test("by server: its name or its id; claims come from none")
  func servers() throws {
    let connect = try CapturedMessage("account-connect", .new).reading()
    #expect(Self.filter { $0.servers = ["s1"] }.admits(connect))
    let id = try #require(connect.event.server?.id)
    #expect(Self.filter { $0.servers = [id] }.admits(connect))
    #expect(!Self.filter { $0.servers = ["s2", "s"] }.admits(connect))
    let claims = EventReading(try #require(SystemEvent(NATSMessage(subject: "$SYS.ACCOUNT.A.CLAIMS.UPDATE", payload: []))))
    #expect(!Self.filter { $0.servers = ["s1"] }.admits(claims) && EventFilter().admits(claims))
  }

  @Test("repeats are remembered within bounds; what has no id is always new")
  func repeats() throws {
    func event(_ id: String, server: String = "N1") throws -> SystemEvent {
      let body = #"{"id":"\#(id)","server":{"id":"\#(server)"},"conns":1}"#
      return try #require(SystemEvent(NATSMessage(subject: "$SYS.ACCOUNT.A.SERVER.CONNS", payload: Array(body.utf8))))
    }
    var repeats = EventRepeats(capacity: 2)
    let seen = try ["a", "a", "b", "a", "c", "a", "c"].map { repeats.isNew(try event($0)) }
    #expect(seen == [true, false, true, false, true, true, false])
    #expect(repeats.isNew(try event("c", server: "N2")))
    let stats = try CapturedMessage("server-statsz", .new).event()
    #expect(repeats.isNew(stats) && repeats.isNew(stats))
  }
}
