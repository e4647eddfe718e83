import Claims
import ClaimsTestSupport
import TestSupport
import Testing

@Suite("What nats-account-server answered")
struct GoldenTests {
  @Test("is answered here too, but for the differences that the document names with their reasons")
  func replay() async throws {
    let all = try GoldenExchange.all().filter { $0.group != "Summary table" }
    // Whatever is in the fixture is sent, or is in the table with what is done instead.
    let exchanges = all.filter { GoldenDifferences.notReplayed[$0.title] == nil }
    #expect(exchanges.count > 100 && exchanges.allSatisfy { !$0.method.isEmpty }, "\(exchanges.filter { $0.method.isEmpty }.map(\.title))")
    #expect(Set(GoldenDifferences.notReplayed.keys).isSubset(of: all.map(\.title)))
    var found: [GoldenDifferences.Found] = []
    // The parts with NATS were captured each with a peer of its own; HTTP is the same here whether NATS is there or not.
    for isWithNATS in [false, true] {
      for part in Self.parts(
        exchanges.filter { ($0.group.hasPrefix("With NATS") || $0.group.hasPrefix("NATS ")) == isWithNATS }, together: !isWithNATS)
      {
        found += try await Self.found(part)
      }
    }
    for everywhere in GoldenDifferences.everywhere { #expect(found.contains { $0.isEverywhere == everywhere.kind }, "\(everywhere.kind)") }
    #expect(Set(GoldenDifferences.reasons.keys).isSubset(of: found.map(\.title)))
    let rows = GoldenDifferences.rows(found.filter { $0.isEverywhere == nil })
    let document = try Repository.text("docs/differences.md").split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst(2)
    #expect(Array(document) == rows.map { $0[...] }, "the table is to be:\n\(rows.joined(separator: "\n"))")
  }

  /// All exchanges, or those of each group.
  private static func parts(_ exchanges: [GoldenExchange], together: Bool) -> [[GoldenExchange]] {
    together ? [exchanges] : Dictionary(grouping: exchanges, by: \.group).sorted { $0.key > $1.key }.map(\.value)
  }

  /// The differences that a server shows which begins with nothing.
  private static func found(_ exchanges: [GoldenExchange]) async throws -> [GoldenDifferences.Found] {
    try await LiveServer.run { server in
      let replay = try GoldenReplay(server)
      var found: [GoldenDifferences.Found] = []
      for exchange in exchanges {
        if exchange.title.hasPrefix("Expired token (dropped") { try await replay.adoptExpired() }
        found += try GoldenDifferences.found(exchange, expected: { try replay.expectedBody(exchange, $0) }, try await replay.send(exchange))
      }
      return found
    }
  }
}
