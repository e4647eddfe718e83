import Foundation
import Testing

@testable import ServerConfig

@Suite("The document of the configuration") struct DocumentTests {
  @Test("lists every key with type, unit, default, flag and whether SIGHUP takes it up, and no other")
  func table() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
    let document = try String(contentsOf: root.appending(path: "docs/configuration.md"), encoding: .utf8)
    let section = try #require(document.split(separator: "\n## ").first { $0.hasPrefix("Keys\n") })
    let rows = section.split(separator: "\n").filter { $0.hasPrefix("| `") }.map(String.init)
    let expected = Settings.all.map { setting in
      let cells = [
        "`\(setting.path)`", setting.type, setting.unit, setting.standard == "none" ? "none" : "`\(setting.standard)`",
        setting.flag.isEmpty ? "" : "`\(setting.flag)`", setting.isReloaded ? "yes" : "", setting.meaning,
      ]
      return "|" + cells.map { $0.isEmpty ? " |" : " \($0) |" }.joined()
    }
    #expect(rows == expected, "the table is to be:\n\(expected.joined(separator: "\n"))")
  }
}
