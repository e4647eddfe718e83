import Nkeys
import Testing

@testable import Claims

/// Inputs of a mebibyte that would take hours if any step compared all with all.
@Suite("large inputs stay cheap", .timeLimit(.minutes(1)))
struct HostileSizeTests {
  private func decode(nats: String, type: String = "account") throws -> Claims {
    let key = try KeyPair.generate(.account)
    let payload = #"{"iss":"\#(key)","sub":"\#(key)","nats":{"type":"\#(type)","version":2,\#(nats)}}"#
    return try VerifiedClaims.decode(TokenForge.token(payload, signedBy: key)).claims
  }

  @Test("many revocations")
  func revocations() throws {
    let entries = (0..<40_000).map { #""k\#($0)":\#($0)"# }.joined(separator: ",")
    #expect(try decode(nats: #""revocations":{\#(entries)}"#).account?.revocations.times.count == 40_000)
  }

  @Test("many members that nobody knows")
  func unknownMembers() throws {
    let entries = (0..<40_000).map { #""k\#($0)":0"# }.joined(separator: ",")
    let claims = try decode(nats: entries)
    #expect(claims.account?.unknown.names.count == 40_000)
    let key = try KeyPair.generate(.account)
    #expect(throws: Never.self) { try claims.account?.signed(by: key, at: 1) }
  }

  @Test("many networks in one text")
  func networks() throws {
    let text = (0..<60_000).map(String.init).joined(separator: ",")
    #expect(try decode(nats: #""src":"\#(text)""#, type: "user").user?.limits.src?.networks.count == 60_000)
  }

  @Test("many exports without wildcards")
  func exports() throws {
    let entries = (0..<15_000).map { #"{"subject":"s\#($0)","type":"stream"}"# }.joined(separator: ",")
    let claims = try decode(nats: #""exports":[\#(entries)],"limits":{"exports":-1}"#)
    #expect(!claims.issues(at: 0).isBlocking(includingTimeChecks: true))
  }
}
