import Claims
import ClaimsRegistry
import ClaimsStore
import ClaimsTestSupport
import Foundation
import Glibc
import Testing

@Suite("Files that change while the server runs")
struct WatchTests {
  private let authority: TestAuthority
  private let account: AccountKey
  private let folder: TemporaryFolder

  init() throws {
    authority = try TestAuthority()
    account = try TestAuthority.account()
    folder = try TemporaryFolder()
  }

  private var file: String { "\(account).jwt" }
  private var shard: String { String(account.text.suffix(2)) }

  private func start() async throws -> Watched {
    let subject = try RegistryUnderTest(trusting: [authority], folder: folder)
    try await subject.registry.adoptDirectory()
    return try Watched(subject)
  }

  /// A running server that holds a token whose file is written.
  private func startWithToken() async throws -> (Watched, Token) {
    let watched = try await start()
    let token = try authority.account(account)
    try await watched.subject.store(token)
    try await eventually("the file is written") { try text() == token.text }
    return (watched, token)
  }

  private func text() throws -> String? {
    try folder.names().contains(file) ? folder.text(file) : nil
  }

  private func rejected() throws -> [String] {
    let path = ".nats-claims/rejected"
    return FileManager.default.fileExists(atPath: "\(folder.path)/\(path)") ? try folder.names(path) : []
  }

  private func actors(_ watched: Watched) async throws -> [String] {
    try await watched.subject.registry.history(of: account).map(\.change.actor)
  }

  /// Replaces the file as an editor does: another file first, then a rename.
  private func replace(_ token: Token) throws {
    try folder.write(token.text, to: "new")
    #expect(rename("\(folder.path)/new", "\(folder.path)/\(file)") == 0)
  }

  @Test("a file that is copied in is a push")
  func copiedIn() async throws {
    let watched = try await start()
    let token = try authority.account(account)
    try folder.write(token.text + "\n", to: file)
    try await eventually("it is served") { watched.subject.registry.lookup(account)?.token == token }
    #expect(try await actors(watched) == ["file \(account)"])
    try await eventually("the file is written as its record") { try text() == token.text }
    try await watched.stop()
  }

  @Test("where the kernel tells nothing, as on network file systems, a scan finds what was copied in, changed and removed")
  func scanned() async throws {
    let disk = FaultyFileSystem()
    let subject = try RegistryUnderTest(trusting: [authority], folder: folder, fileSystem: disk)
    try await subject.registry.adoptDirectory()
    // The state is there already: on a network file system it would lie elsewhere.
    disk.pretend(folder.path, is: FileSystemType(magic: 0x6969))
    let watched = try Watched(subject)
    var token = try authority.account(account)
    try folder.write(token.text, to: file)
    try await eventually("it is served") { watched.subject.registry.lookup(account)?.token == token }
    token = try authority.account(account, iat: TestTime.seconds + 1)
    try replace(token)
    try await eventually("the newer one is served") { watched.subject.registry.lookup(account)?.token == token }
    try await eventually("it is dated as its record") { watched.subject.store.directoryLag == 0 }
    #expect(unlink("\(folder.path)/\(file)") == 0)
    try await eventually("the file is back") { try text() == token.text }
    try await watched.stop()
  }

  @Test("a newer token in the place of the stored one is a push", arguments: [true, false])
  func newer(isRenamed: Bool) async throws {
    let (watched, _) = try await startWithToken()
    let newer = try authority.account(account, iat: TestTime.seconds + 1)
    if isRenamed { try replace(newer) } else { try folder.write(newer.text, to: file) }
    try await eventually("it is served") { watched.subject.registry.lookup(account)?.token == newer }
    try await watched.stop()
    #expect(try text() == newer.text)
    #expect(try rejected().isEmpty)
  }

  @Test(
    "an older, damaged or foreign file is set aside, and the right one is written again",
    arguments: ["older", "damaged", "empty", "foreign"])
  func bad(_ kind: String) async throws {
    let (watched, token) = try await startWithToken()
    let text =
      switch kind {
      case "older": try authority.account(account, iat: TestTime.seconds - 1).text
      case "damaged": String(token.text.dropLast(3))
      case "empty": ""
      default: try TestAuthority().account(account, iat: TestTime.seconds + 1).text
      }
    try folder.write(text, to: file)
    try await eventually("it is set aside") { try rejected().count == 1 }
    try await eventually("the right one is written") { try self.text() == token.text }
    #expect(try folder.text(".nats-claims/rejected/\(rejected()[0])") == text)
    #expect(try rejected()[0].hasPrefix(file) && !rejected()[0].hasSuffix(".jwt"))
    #expect(watched.subject.registry.lookup(account)?.token == token)
    try await watched.stop()
  }

  @Test("a file that vanishes is written again", arguments: [true, false])
  func vanished(isMoved: Bool) async throws {
    let (watched, token) = try await startWithToken()
    if isMoved { rename("\(folder.path)/\(file)", "\(folder.path)/elsewhere") } else { unlink("\(folder.path)/\(file)") }
    try await eventually("it is back") { try text() == token.text }
    try await watched.stop()
    #expect(watched.subject.store.lastSequence == 1)
  }

  @Test("a touched file changes nothing and is dated as its record again")
  func touched() async throws {
    let (watched, token) = try await startWithToken()
    let dated = try SystemFileSystem().status(of: "\(folder.path)/\(file)")?.modified
    try folder.write(token.text, to: file)
    try await eventually("it is dated again") { try SystemFileSystem().status(of: "\(folder.path)/\(file)")?.modified == dated }
    try await watched.stop()
    #expect(watched.subject.store.lastSequence == 1)
    #expect(try rejected().isEmpty)
  }

  @Test("a file that is moved to the other layout goes back to its own")
  func movedBetweenLayouts() async throws {
    let (watched, token) = try await startWithToken()
    mkdir("\(folder.path)/\(shard)", 0o700)
    #expect(rename("\(folder.path)/\(file)", "\(folder.path)/\(shard)/\(file)") == 0)
    try await eventually("it is back") { try text() == token.text && folder.names(shard).isEmpty }
    try await watched.stop()
    #expect(watched.subject.store.lastSequence == 1)
  }

  @Test("a newer token in the other layout is a push, too")
  func otherLayout() async throws {
    let (watched, _) = try await startWithToken()
    let newer = try authority.account(account, iat: TestTime.seconds + 1)
    try folder.write(newer.text, to: "\(shard)/\(file)")
    try await eventually("it is served") { watched.subject.registry.lookup(account)?.token == newer }
    try await eventually("its file is where files are") { try text() == newer.text && folder.names(shard).isEmpty }
    try await watched.stop()
  }

  @Test("a file of a deleted account is set aside, and one with a newer token brings the account back")
  func deleted() async throws {
    let (watched, token) = try await startWithToken()
    _ = try await watched.subject.registry.delete(authority.deletion(of: [account]), by: .setup)
    try await eventually("the file is gone") { try text() == nil }
    try folder.write(token.text, to: file)
    try await eventually("it is set aside") { try rejected().count == 1 && text() == nil }
    #expect(watched.subject.registry.lookup(account) == nil)
    let newer = try authority.account(account, iat: TestTime.seconds + 1)
    try folder.write(newer.text, to: file)
    try await eventually("it is served") { watched.subject.registry.lookup(account)?.token == newer }
    try await watched.stop()
  }

  @Test("a copy that takes its time is not judged before it is whole")
  func slowCopy() async throws {
    let (watched, _) = try await startWithToken()
    let newer = try authority.account(account, iat: TestTime.seconds + 1)
    let descriptor = open("\(folder.path)/\(file)", O_WRONLY | O_TRUNC)
    #expect(write(descriptor, newer.bytes, 100) == 100)
    // Another file that is judged in the same way and time shows that enough of it went by, three times.
    for round in 0..<3 {
      let other = try TestAuthority.account()
      try folder.write("garbage", to: "\(other).jwt")
      try await eventually("the other one is set aside") { try rejected().count == round + 1 }
    }
    #expect(try rejected().allSatisfy { !$0.hasPrefix(account.text) })
    #expect(newer.bytes.dropFirst(100).withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) } == newer.bytes.count - 100)
    close(descriptor)
    try await eventually("it is served") { watched.subject.registry.lookup(account)?.token == newer }
    try await watched.stop()
  }

  @Test("files whose names are no accounts' are named while they are there, and stay where they are")
  func strays() async throws {
    let watched = try await start()
    let names = (0..<20).map { "stray\($0).jwt" }
    for name in names { try folder.write("x", to: name) }
    let warnings = { watched.subject.registry.currentWarnings().first { $0.kind == .damagedFiles }?.texts ?? [] }
    try await eventually("all are named") { warnings().count == names.count }
    #expect(try Set(folder.names()).isSuperset(of: names))
    for name in names.dropFirst() { try FileManager.default.removeItem(atPath: "\(folder.path)/\(name)") }
    try await eventually("only the one that is left is named") { warnings().count == 1 }
    #expect(warnings().first?.contains("stray0.jwt") == true)
    try await watched.stop()
  }

  @Test("thousands of files at once are all taken")
  func thousands() async throws {
    let watched = try await start()
    let tokens = try (0..<3000).map { _ in try TestAuthority.account() }.map { ($0, try authority.account($0)) }
    for (key, token) in tokens { try folder.write(token.text, to: "\(key).jwt") }
    try await eventually("all are served", within: 120) { watched.subject.store.index.count == tokens.count }
    for (key, token) in tokens { #expect(watched.subject.registry.lookup(key)?.token == token) }
    try await watched.stop()
    #expect(try rejected().isEmpty)
  }

  @Test("what changed while the server was stopped is judged at the next start")
  func whileStopped() async throws {
    let (first, token) = try await startWithToken()
    try await first.stop()
    let other = try TestAuthority.account()
    let unknown = try TestAuthority.account()
    let copied = try authority.account(other)
    try folder.write(copied.text, to: "\(other).jwt")
    try folder.write("garbage", to: "\(unknown).jwt")
    try folder.write(try authority.account(account, iat: TestTime.seconds - 1).text, to: file)

    let second = try await start()
    try await eventually("the copied one is served") { second.subject.registry.lookup(other)?.token == copied }
    try await eventually("the older one is set aside, the right one written") { try rejected().count == 1 && text() == token.text }
    // What holds nobody up stays where it is, and is named.
    try await eventually("the damaged one is named") {
      second.subject.registry.warnings.all.contains { $0.kind == .damagedFiles && $0.texts.contains { $0.contains(unknown.text) } }
    }
    #expect(try folder.text("\(unknown).jwt") == "garbage")
    try await second.stop()
  }

  @Test("the directory as the server left it makes a second start do nothing")
  func idle() async throws {
    let (first, _) = try await startWithToken()
    try await first.stop()
    let second = try await start()
    let probe = try TestAuthority.account()
    try folder.write(try authority.account(probe).text, to: "\(probe).jwt")
    try await eventually("the watch works") { second.subject.registry.lookup(probe) != nil }
    #expect(second.subject.store.lastSequence == 2)
    try await second.stop()
  }
}
