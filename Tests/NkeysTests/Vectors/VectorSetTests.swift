import TestSupport
import Testing

@Suite("The set of nkeys vectors")
struct VectorSetTests {
  @Test("can be read")
  func vectorFileCanBeRead() throws {
    _ = try NkeysVectors.file.get()
  }

  @Test("has all the lists that are run here, none that is not, and no empty one")
  func vectorListsAreComplete() throws {
    let file = try NkeysVectors.file.get()
    #expect(file.problems(running: NkeysVectors.lists).isEmpty)
  }

  @Test("gives every one of its cases to the tests", arguments: NkeysVectors.lists.sorted())
  func vectorCountsAgree(list: String) throws {
    let file = try NkeysVectors.file.get()
    #expect(NkeysVectors.cases(list).count == file.lists[list]?.count)
  }

  @Test("is checked against a table in which every rule has a reason", arguments: StrictnessRule.allCases)
  func vectorRulesHaveReasons(rule: StrictnessRule) {
    #expect(!rule.reason.isEmpty)
  }
}
