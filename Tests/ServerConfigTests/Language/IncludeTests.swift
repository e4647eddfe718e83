import Foundation
import Testing

@testable import ServerConfig

@Suite("Included files") struct IncludeTests {
  private func withFiles(_ files: [String: String], _ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "include-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in files {
      let file = folder.appending(path: name)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    try body(folder.path(percentEncoded: false))
  }

  @Test("their keys stand where they are included, and are found from the folder of the file that names them")
  func keys() throws {
    let files = [
      "main.conf": "a: 1\nstore { include 'parts/store.conf' }\nINCLUDE parts/http.conf\nb: $c",
      "parts/store.conf": "{dir: x, include \"deep.conf\"}",
      "parts/deep.conf": "shard: true", "parts/http.conf": "c: 7\n",
    ]
    try withFiles(files) { folder in
      let map = try ConfigSource(environment: [:]).read("\(folder)/main.conf")
      #expect(map.entries.map(\.key) == ["a", "store", "c", "b"])
      guard case .map(let store) = map.entries[1].value.content else {
        Issue.record("no map")
        return
      }
      #expect(store.entries.map(\.key) == ["dir", "shard"])
      #expect(store.entries[1].position == ConfigPosition(file: "\(folder)/parts/deep.conf", line: 1, column: 1))
      #expect(map.entries[3].value.content == .integer(7))
    }
  }

  @Test("a mistake in one is told with its own place")
  func mistakes() throws {
    try withFiles(["main.conf": "include x.conf", "x.conf": "\n  k: a b"]) { folder in
      let error = try #require(throws: ConfigError.self) { try ConfigSource(environment: [:]).read("\(folder)/main.conf") }
      #expect(error.position == ConfigPosition(file: "\(folder)/x.conf", line: 2, column: 8))
    }
  }

  @Test("a file that is no text, or too large to be a configuration, is refused by its name")
  func noText() throws {
    try withFiles(["large.conf": String(repeating: "# a comment\n", count: 2_000_000)]) { folder in
      try Data([0x6B, 0x20, 0xFF]).write(to: URL(filePath: "\(folder)/bytes.conf"))
      for (name, part) in [("bytes.conf", "is not UTF-8 text"), ("large.conf", "it is no configuration")] {
        let error = try #require(throws: ConfigError.self) { try ConfigSource(environment: [:]).read("\(folder)/\(name)") }
        #expect(error.message.contains(part) && error.message.contains(name), "\(error)")
      }
    }
  }

  @Test("one that includes itself, or is missing, a folder or no text, is refused")
  func refused() throws {
    try withFiles(["self.conf": "include self.conf", "main.conf": "include nothing.conf", "folder.conf": "include x", "x/y": ""]) {
      folder in
      for (name, part) in [
        ("self.conf", "includes itself"), ("main.conf", "nothing.conf"), ("folder.conf", "cannot be read"), ("none.conf", "none.conf"),
      ] {
        let error = try #require(throws: ConfigError.self) { try ConfigSource(environment: [:]).read("\(folder)/\(name)") }
        #expect(error.message.contains(part), "\(error)")
      }
    }
  }
}
