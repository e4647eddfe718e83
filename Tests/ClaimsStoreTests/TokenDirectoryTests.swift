import Claims
import ClaimsStore
import ClaimsTestSupport
import Testing

@Suite("The directory of files")
struct TokenDirectoryTests {
  private let folder: TemporaryFolder
  private let one: AccountKey

  init() throws {
    folder = try TemporaryFolder()
    one = try TestAuthority.account()
  }

  @Test("keeps the old file whole when any step of a write fails", arguments: ["open", "write", "rename"])
  func replacesWhole(_ step: String) throws {
    let disk = FaultyFileSystem()
    let directory = TokenDirectory(path: folder.path, layout: .flat, fileSystem: disk)
    try directory.write(Token("the old token"), for: one, modified: 1000)
    disk.fails = .init(call: step, code: 28)
    let error = #expect(throws: FileError.self) { try directory.write(Token("the new token"), for: one, modified: 2000) }
    #expect(error?.code == 28)
    #expect(try folder.text("\(one).jwt") == "the old token")
    disk.fails = nil
    try directory.write(Token("the new token"), for: one, modified: 2000)
    #expect(try folder.text("\(one).jwt") == "the new token")
  }

  @Test("finds the files of both layouts, and nothing else")
  func finds() throws {
    try folder.write("a", to: "A.jwt")
    try folder.write("b", to: "ZZ/BZZ.jwt")
    try folder.write("c", to: "C.jwt.deleted")
    try folder.write("d", to: ".hidden.jwt")
    try folder.write("e", to: "longer/E.jwt")
    try folder.write("f", to: ".nats-claims/F.jwt")
    let directory = TokenDirectory(path: folder.path, layout: .flat)
    let files = try directory.files()
    #expect(files.map(\.name) == ["A", "BZZ"])
    #expect(files.map(\.layout) == [.flat, .sharded])
    #expect(try directory.read(files[1]) == Array("b".utf8))
  }

  @Test("writes files that only their owner reads")
  func isPrivate() throws {
    try TokenDirectory(path: folder.path, layout: .sharded).write(Token("a"), for: one, modified: 0)
    #expect(try permissions("\(folder.path)/\(one.text.suffix(2))/\(one).jwt") == 0o600)
    #expect(try permissions("\(folder.path)/\(one.text.suffix(2))") == 0o700)
  }
}
