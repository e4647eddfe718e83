import Claims
import ClaimsTestSupport
import TestSupport
import Testing

@Suite("What nats-account-server answered")
struct GoldenTests {
  @Test("is answered here too, but for the differences that the document names with their reasons")
  func replay() async throws {
    let exchanges = try GoldenExchange.all().filter { GoldenDifferences.replayedGroups.contains($0.group) }
    #expect(exchanges.count > 90)
    let found = try await LiveServer.run { server in
      let replay = try GoldenReplay(server)
      var found: [GoldenDifferences.Found] = []
      for exchange in exchanges where GoldenDifferences.notReplayed[exchange.title] == nil {
        if exchange.title.hasPrefix("Expired token (dropped") { try await replay.adoptExpired() }
        found += try GoldenDifferences.found(exchange, expected: { try replay.expectedBody(exchange, $0) }, try await replay.send(exchange))
      }
      return found
    }
    for everywhere in GoldenDifferences.everywhere { #expect(found.contains { $0.isEverywhere == everywhere.kind }, "\(everywhere.kind)") }
    let rows = GoldenDifferences.rows(found.filter { $0.isEverywhere == nil })
    let document = try Repository.text("docs/differences.md").split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst(2)
    #expect(Array(document) == rows.map { $0[...] }, "the table is to be:\n\(rows.joined(separator: "\n"))")
  }
}
