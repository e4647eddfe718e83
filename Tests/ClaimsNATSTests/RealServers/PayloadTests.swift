import Claims
import ClaimsNATS
import ClaimsRegistry
import ClaimsTestSupport
import TestSupport
import Testing

@Suite("Claims too large for a real nats-server")
struct PayloadTests {
  private let large = String(repeating: "x", count: 8_000)

  @Test("claims larger than the server's max_payload are named and hold nobody up")
  func maximumPayload() async throws {
    let fleet = try await Fleet(TestAuthority(), settings: "max_payload: 4000")
    let bridge = try BridgeUnderTest(fleet.authority, options: fleet.options())
    let account = try TestAuthority.account()
    try await bridge.push(TestAuthority.account())
    try await bridge.push(account, description: large)
    try await bridge.push(TestAuthority.account())
    try await eventually("the cursor passes them") { try await bridge.cursor() == 3 }
    try await eventually("the account is named") {
      bridge.warnings(.unpublishable).contains { $0.contains("\(account)") && $0.contains("4000") }
    }
    #expect(bridge.announcements("unpublishable") == 1)
    let small = try await bridge.push(account, number: 1)
    try await eventually("smaller claims are announced") { fleet.token(of: account) == small }
    try await eventually("the warning ends") { bridge.warnings(.unpublishable).isEmpty }
    try await bridge.stop()
  }

  @Test("claims larger than our user may send are named and hold nobody up")
  func userLimit() async throws {
    let fleet = try await Fleet(TestAuthority(), systemUserPayload: 4000)
    let bridge = try BridgeUnderTest(fleet.authority, options: fleet.options())
    let accounts = [try TestAuthority.account(), try TestAuthority.account(), try TestAuthority.account()]
    try await bridge.push(accounts[0])
    try await bridge.push(accounts[1], description: large)
    let last = try await bridge.push(accounts[2])
    try await eventually("the cursor passes them") { try await bridge.cursor() == 3 }
    try await eventually("the others are there") { fleet.token(of: accounts[2]) == last }
    try await eventually("the account is named") { bridge.warnings(.unpublishable).contains { $0.contains("\(accounts[1])") } }
    try await bridge.stop()
  }
}
