import Testing

@testable import ClaimsRegistry

@Suite("Looks that are due")
struct DueLooksTests {
  @Test("are one a file, however often it is come across")
  func once() {
    var due = DueLooks()
    #expect(due.add(["a"]) == ["a"])
    #expect(due.add(["a", "b"]) == ["b"], "scans find the same file again")
    due.begin(["a"])
    #expect(due.add(["a", "b"]) == ["a"])
  }
}
