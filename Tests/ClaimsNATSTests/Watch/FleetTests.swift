import Claims
import ClaimsRegistry
import Testing

@testable import ClaimsNATS

@Suite("The servers of the system")
struct FleetTests {
  private func states(_ fleet: ClaimsNATS.Fleet, at seconds: Double) -> [String: FleetServer.State] {
    Dictionary(uniqueKeysWithValues: fleet.servers(at: .at(seconds)).map { ($0.name, $0.state) })
  }

  private func hears(_ fleet: inout ClaimsNATS.Fleet, _ name: String, at seconds: Double, _ news: ClaimsNATS.Fleet.News?) throws {
    let heard = fleet.heard(try server(name), at: .at(seconds))
    #expect(heard == news)
  }

  @Test("are live from their first word, unseen after half a minute without one, live again with the next, and gone at last")
  func life() throws {
    var fleet = ClaimsNATS.Fleet()
    try hears(&fleet, "a", at: 0, .joined)
    try hears(&fleet, "a", at: 20, nil)
    #expect(fleet.look(at: .at(49.9)) == [])
    #expect(fleet.look(at: .at(50)) == ["Na"])
    #expect(states(fleet, at: 50) == ["a": .unseen])
    #expect(fleet.live.isEmpty)
    try hears(&fleet, "a", at: 60, .returned)
    #expect(fleet.live == ["Na"])
    _ = fleet.look(at: .at(100))
    _ = fleet.look(at: .at(661))
    #expect(states(fleet, at: 661) == ["a": .gone])
    _ = fleet.look(at: .at(1261))
    #expect(fleet.members.isEmpty)
  }

  @Test("are live by their heartbeats alone, until half a minute passes without one", arguments: CapturedVersion.allCases)
  func heartbeats(_ version: CapturedVersion) throws {
    let heartbeat = try CapturedMessage("server-statsz", version).event()
    #expect(heartbeat.kind == .stats)
    let info = try #require(heartbeat.server)
    var fleet = ClaimsNATS.Fleet()
    for beat in 0..<60 {
      let time = Double(beat) * 10
      #expect(fleet.heard(info, at: .at(time)) == (beat == 0 ? .joined : nil))
      #expect(fleet.look(at: .at(time + 9.9)) == [] && fleet.live == [info.id])
    }
    #expect(fleet.look(at: .at(619.9)) == [])
    #expect(fleet.look(at: .at(620)) == [info.id])
    #expect(states(fleet, at: 620) == [info.name: .unseen])
    #expect(fleet.heard(info, at: .at(630)) == .returned)
  }

  @Test("are not waited for after their farewell, whatever comes from them after it")
  func farewell() throws {
    var fleet = ClaimsNATS.Fleet()
    for name in ["a", "b"] { _ = try fleet.heard(server(name), at: .at(0)) }
    try fleet.leaves(server("a"), at: .at(1))
    try fleet.stops(server("b"), at: .at(1))
    try hears(&fleet, "a", at: 2, nil)
    try hears(&fleet, "b", at: 2, nil)
    #expect(states(fleet, at: 2) == ["a": .leaving, "b": .gone])
    #expect(fleet.live.isEmpty)
  }

  @Test("come back after an absence of any length, and after a farewell that was somebody else's")
  func comingBack() throws {
    var fleet = ClaimsNATS.Fleet()
    try hears(&fleet, "a", at: 0, .joined)
    _ = fleet.look(at: .at(31))
    _ = fleet.look(at: .at(700))
    #expect(states(fleet, at: 700) == ["a": .gone])
    try hears(&fleet, "a", at: 800, .returned)
    #expect(fleet.live == ["Na"])
    try fleet.stops(server("a"), at: .at(810))
    try hears(&fleet, "a", at: 820, nil)
    #expect(fleet.live.isEmpty)
    try hears(&fleet, "a", at: 840, .returned)
    #expect(fleet.live == ["Na"])
  }

  @Test("are waited for again ten minutes after somebody said that they go into lame duck mode, if they go on talking")
  func lameDuck() throws {
    var fleet = ClaimsNATS.Fleet()
    try hears(&fleet, "a", at: 0, .joined)
    try fleet.leaves(server("a"), at: .at(10))
    try hears(&fleet, "a", at: 600, nil)
    #expect(fleet.live.isEmpty)
    try hears(&fleet, "a", at: 610, .returned)
    #expect(fleet.live == ["Na"])
  }

  @Test("that were killed and come back under their name and another id are not waited for under the old one")
  func cameBack() throws {
    func named(_ id: String, cluster: String = "c") throws -> ServerInfo {
      try #require(
        ServerInfo(server: .object([.init("id", .string(id)), .init("name", .string("s1")), .init("cluster", .string(cluster))])))
    }
    var fleet = ClaimsNATS.Fleet()
    _ = try fleet.heard(named("N1"), at: .at(0))
    _ = try fleet.heard(named("N2", cluster: "other"), at: .at(4))
    _ = try fleet.heard(named("N3"), at: .at(5))
    #expect(Set(fleet.live) == ["N2", "N3"])
    #expect(fleet.look(at: .at(5)) == ["N1"])
    #expect(fleet.unseen.isEmpty)
    let news = try fleet.heard(named("N1"), at: .at(6))
    #expect(news == .returned)
  }

  @Test("are not taken for silent because we were away")
  func ownAbsence() throws {
    var fleet = ClaimsNATS.Fleet()
    try hears(&fleet, "a", at: 0, .joined)
    fleet.hearAgain(at: .at(900))
    #expect(fleet.look(at: .at(901)) == [])
    #expect(fleet.live == ["Na"])
  }

  @Test("are bounded in number")
  func bounded() throws {
    var fleet = ClaimsNATS.Fleet(most: 2)
    for number in 0..<5 { _ = try fleet.heard(server("s\(number)"), at: .at(0)) }
    #expect(fleet.members.count == 2)
    #expect(fleet.passedOver == 3)
  }

  @Test("keep their name when an answer leaves it out")
  func names() throws {
    var fleet = ClaimsNATS.Fleet()
    _ = try fleet.heard(server("a"), at: .at(0))
    _ = try fleet.heard(#require(ServerInfo(server: .object([.init("id", .string("Na"))]))), at: .at(1))
    #expect(fleet.label(of: "Na") == "a")
    #expect(fleet.label(of: "Nx") == "Nx")
  }
}
