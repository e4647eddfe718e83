import TestSupport
import Testing

@testable import Claims

@Suite("The document of the strictness rules for tokens")
struct StrictnessDocumentTests {
  @Test("lists every rule with its reason, and no other")
  func isComplete() throws {
    let rows = try Repository.rows(of: "docs/strictness.md", below: "## Tokens")
    #expect(rows.map { [$0[0], $0[2]] } == StrictnessRule.allCases.map { ["`\($0.rawValue)`", $0.reason] })
    #expect(rows.allSatisfy { !$0[1].isEmpty })
  }

  @Test("lists rules that each have a test", arguments: StrictnessRule.allCases)
  func isTested(_ rule: StrictnessRule) throws {
    #expect(try Repository.text("Tests/ClaimsTests/Strictness/StrictnessTests.swift").contains("\"\(rule.rawValue): "))
  }
}
