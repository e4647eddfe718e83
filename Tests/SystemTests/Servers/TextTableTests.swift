import Testing

@testable import nats_claims

@Suite("Tables for people")
struct TextTableTests {
  @Test("columns are as wide as their widest text, figures stand to the right, and no blanks end a line")
  func layout() {
    let table = TextTable(
      titles: ["NAME", "MEMORY", "RTT", "ROLE"], rows: [["s1", "17.7 MiB", "417µs", "system"], ["a-server", "512 B", "-", ""]])
    #expect(
      table.lines == [
        "NAME        MEMORY    RTT  ROLE",
        "s1        17.7 MiB  417µs  system",
        "a-server     512 B      -",
      ])
  }

  @Test("without rows the titles stand alone")
  func empty() {
    #expect(TextTable(titles: ["SERVER", "RID"], rows: []).lines == ["SERVER  RID"])
  }
}
