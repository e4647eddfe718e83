import ClaimsRegistry
import Testing

@testable import ClaimsNATS

@Suite("The live figures of accounts")
struct AccountActivityTests {
  @Test("count connections by server, who came and went and why, and who was refused; accounts may be plain names")
  func figures() throws {
    var activity = AccountActivity()
    activity.connections(2, of: "APP", at: "Na")
    activity.connections(3, of: "APP", at: "Nb")
    activity.connections(1, of: "APP", at: "Na")
    activity.connected("APP", at: 5)
    activity.disconnected("APP", reason: "Client Closed", at: 9)
    activity.disconnected("APP", reason: "Client Closed", at: 7)
    activity.refused("APP")
    let figures = try #require(activity.figures(of: "APP") { $0 })
    #expect(figures.connections == ["Na": 1, "Nb": 3])
    #expect(figures.connected == 4)
    #expect(figures.lastSeen == 9)
    #expect(figures.connects == 1)
    #expect(figures.disconnects == ["Client Closed": 2])
    #expect(figures.authFailures == 1)
    #expect(activity.figures(of: "other") { $0 } == nil)
  }

  @Test("forget the connections of a server that is gone: a killed one tells nobody")
  func gone() throws {
    var activity = AccountActivity()
    activity.connections(2, of: "APP", at: "Na")
    activity.connections(3, of: "APP", at: "Nb")
    activity.left(["Na"])
    #expect(activity.figures(of: "APP") { $0 }?.connections == ["Nb": 3])
  }

  @Test("are bounded in accounts and in reasons, and say what they did not keep")
  func bounded() {
    var activity = AccountActivity(most: 2)
    for account in ["a", "b", "c"] { activity.connected(account, at: 1) }
    #expect(activity.all { $0 }.map(\.account) == ["a", "b"])
    #expect(activity.dropped == 1)
    for number in 0..<100 { activity.disconnected("a", reason: "reason \(number)", at: 1) }
    #expect(activity.figures(of: "a") { $0 }?.disconnects.count == 33)
    #expect(activity.figures(of: "a") { $0 }?.disconnects["other"] == 68)
  }
}
