import Claims
import ClaimsNATS
import ClaimsRegistry
import ClaimsTestSupport
import Logging
import Nkeys
import TestSupport
import Testing

@Suite("Users that cannot announce, at a real nats-server")
struct UnusableUserTests {
  private static let accounts = """
    accounts {
      SYS { users: [
        { user: sys, password: "p@ss:w%rd" }
        { user: gagged, password: g, permissions: { publish: { deny: "$SYS.ACCOUNT.*.CLAIMS.UPDATE" } } }
      ] }
      APP { users: [ { user: app, password: a } ] }
    }
    system_account: SYS
    """

  @Test("a user of another account by credentials file is told of with both accounts, and nothing is lost")
  func foreignCredentials() async throws {
    let fleet = try await Fleet(TestAuthority())
    let bridge = try BridgeUnderTest(
      fleet.authority, options: NATSOptions(servers: [fleet.server.url()], credentialsFile: fleet.otherUser))
    try await bridge.push(TestAuthority.account())
    try await eventually("the warning is there") { bridge.warnings(.nats).contains { $0.contains("\(fleet.otherAccount)") } }
    let warning = bridge.warnings(.nats).joined()
    #expect(warning.contains(fleet.authority.system.publicKey.text))
    #expect(warning.contains("app"))
    #expect(bridge.log.lines(from: .error).filter { $0.contains("\(fleet.otherAccount)") }.count == 1)
    guard case .unusable = bridge.bridge.status else {
      Issue.record("the status is \(bridge.bridge.status)")
      return
    }
    #expect(bridge.announcements("published") == 0)
    #expect(try await bridge.cursor() == 0)
    try await bridge.stop()
  }

  @Test("a user of another account by password is told of")
  func foreignPassword() async throws {
    let server = try await NATSServerProcess(Self.accounts)
    let bridge = try BridgeUnderTest(TestAuthority(), options: NATSOptions(servers: [server.url("app:a")]))
    try await eventually("the warning is there") {
      bridge.warnings(.nats).contains { $0.contains("does not belong to the system account") }
    }
    try await bridge.stop()
  }

  @Test("a system user by password, percent-encoded, announces; a server that does not hold the account says so")
  func systemPassword() async throws {
    let server = try await NATSServerProcess(Self.accounts)
    let bridge = try BridgeUnderTest(TestAuthority(), options: NATSOptions(servers: [server.url("sys:p%40ss%3Aw%25rd")]))
    try await bridge.push(TestAuthority.account())
    try await eventually("announced") { try await bridge.cursor() == 1 }
    try await eventually("the reply is counted") { bridge.announcements("not_loaded") == 1 }
    try await bridge.stop()
  }

  @Test("a user that may not publish announcements is told of, and nothing is lost")
  func gagged() async throws {
    let server = try await NATSServerProcess(Self.accounts)
    let bridge = try BridgeUnderTest(TestAuthority(), options: NATSOptions(servers: [server.url("gagged:g")]))
    try await bridge.push(TestAuthority.account())
    try await eventually("the warning is there") { bridge.warnings(.nats).contains { $0.lowercased().contains("permissions violation") } }
    #expect(try await bridge.cursor() == 0)
    #expect(bridge.announcements("published") == 0)
    try await bridge.stop()
  }

  @Test("a refused user is told of in the server's words, once, and without the password")
  func refused() async throws {
    let server = try await NATSServerProcess(Self.accounts)
    let bridge = try BridgeUnderTest(TestAuthority(), options: NATSOptions(servers: [server.url("sys:wrong-secret")]))
    try await eventually("several attempts were made") {
      bridge.log.lines(from: .debug).filter { $0.contains("no connection to NATS") }.count > 3
    }
    let told = bridge.log.lines(from: .info).filter { $0.contains("no connection to NATS") }
    #expect(told.count == 1)
    #expect(told.joined().contains("Authorization Violation"))
    #expect(!bridge.log.lines(from: .trace).joined().contains("wrong-secret"))
    #expect(bridge.bridge.status.description.contains("Authorization Violation"))
    try await bridge.stop()
  }

  @Test("a credentials file that is not there is named, and used once it is")
  func missingCredentials() async throws {
    let fleet = try await Fleet(TestAuthority())
    let folder = try TemporaryFolder()
    let bridge = try BridgeUnderTest(
      fleet.authority, options: NATSOptions(servers: [fleet.server.url()], credentialsFile: folder.path + "/late.creds"))
    try await eventually("the file is named") {
      bridge.warnings(.nats).contains { $0.contains("late.creds") && $0.contains("No such file") }
    }
    try folder.write(Fleet.credentials(of: fleet.authority.system, name: "sys"), to: "late.creds")
    try await bridge.waitUntilConnected()
    try await bridge.stop()
  }
}
