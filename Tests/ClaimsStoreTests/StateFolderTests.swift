import ClaimsStore
import ClaimsTestSupport
import GRDB
import Logging
import Testing

@Suite("The folder of our own state")
struct StateFolderTests {
  private let folder: TemporaryFolder
  private let disk = FaultyFileSystem()
  private static let nfs = FileSystemType(magic: 0x6969)

  init() throws {
    folder = try TemporaryFolder()
  }

  private func open(_ options: Store.Options) throws -> Store {
    try Store(options, fileSystem: disk, logger: Logger(label: "test"))
  }

  @Test("is refused on a network file system, with the ways out")
  func network() throws {
    disk.pretend(folder.path, is: Self.nfs)
    let refusal = #expect(throws: StoreError.self) { try open(.init(directory: folder.path)) }
    #expect(refusal?.code == .networkFileSystem)
    for word in ["nfs", "--state", "--read-only"] { #expect(refusal?.message.contains(word) == true) }
  }

  @Test("may be local while the directory is not")
  func elsewhere() async throws {
    disk.pretend(folder.path, is: Self.nfs)
    let state = try TemporaryFolder()
    var options = Store.Options(directory: folder.path)
    options.state = state.path
    let store = try open(options)
    let account = try TestAuthority.account()
    _ = try await store.submit(put(change(account, "a")))
    await store.close()
    #expect(try folder.text("\(account).jwt") == "a")
    #expect(try folder.names() == ["\(account).jwt"])
  }

  @Test("that lost its log, or holds an empty file in its place, begins no new one without being told", arguments: [true, false])
  func lostLog(isEmpty: Bool) async throws {
    let store = try open(.init(directory: folder.path))
    await store.close()
    let log = "\(folder.path)/.nats-claims/log.sqlite"
    try SystemFileSystem().remove(log)
    if isEmpty { try SystemFileSystem().create(log, [], modified: 0) }
    #expect(throws: StoreError(.damagedLog, "")) { try open(.init(directory: folder.path)) }
    var options = Store.Options(directory: folder.path)
    options.rebuildsLog = true
    await (try open(options)).close()
  }

  @Test(
    "whose log cannot be read, or is a database of something else, begins no new one without being told",
    arguments: ["UPDATE newest SET iat = 'text'", "DROP TABLE change; DROP TABLE newest; DROP TABLE grdb_migrations"])
  func damagedLog(_ damage: String) async throws {
    let store = try open(.init(directory: folder.path))
    let account = try TestAuthority.account()
    _ = try await store.submit(put(change(account, "a")))
    await store.close()
    let queue = try DatabaseQueue(path: "\(folder.path)/.nats-claims/log.sqlite")
    try await queue.writeWithoutTransaction { try $0.execute(sql: damage) }
    try queue.close()
    #expect(throws: StoreError(.damagedLog, "")) { try open(.init(directory: folder.path)) }
    var options = Store.Options(directory: folder.path)
    options.rebuildsLog = true
    let rebuilt = try open(options)
    #expect(rebuilt.index.count == 0)
    await rebuilt.close()
    #expect(try SystemFileSystem().status(of: "\(folder.path)/.nats-claims/log.sqlite.old-1") != nil)
  }

  @Test("keeps room for a start on a full disk, and gives it up for one")
  func reserve() async throws {
    let store = try open(.init(directory: folder.path))
    let following = Task { await store.followLog() }
    let reserve = "\(folder.path)/.nats-claims/reserve"
    try await eventually("room is kept") { try SystemFileSystem().status(of: reserve)?.size ?? 0 > 0 }
    await store.close()
    await following.value
    var isFull = true
    let second = try Store(
      .init(directory: folder.path), fileSystem: disk,
      openLog: { path, isThere in
        defer { isFull = false }
        if isFull { throw StoreError(.diskFull, "full") }
        return try SQLiteChangeLog(path: path, mustExist: isThere)
      }, logger: Logger(label: "test"))
    #expect(try SystemFileSystem().status(of: reserve) == nil)
    await second.close()
    #expect(throws: StoreError(.diskFull, "")) {
      try Store(
        .init(directory: folder.path), fileSystem: disk, openLog: { _, _ in throw StoreError(.diskFull, "full") },
        logger: Logger(label: "test"))
    }
  }

  @Test("elsewhere does not let a second writer have the directory")
  func twoStates() async throws {
    let first = try open(.init(directory: folder.path))
    let elsewhere = try TemporaryFolder()
    var options = Store.Options(directory: folder.path)
    options.state = elsewhere.path
    #expect(throws: StoreError(.locked, "")) { try open(options) }
    options.isReadOnly = true
    await (try open(options)).close()
    await first.close()
    options.isReadOnly = false
    await (try open(options)).close()
  }

  @Test("is not needed to read a directory, wherever that lies")
  func readOnly() async throws {
    disk.pretend(folder.path, is: Self.nfs)
    var options = Store.Options(directory: folder.path)
    options.isReadOnly = true
    let store = try open(options)
    #expect(store.state == nil)
    await store.close()
    #expect(try SystemFileSystem().names(in: folder.path).isEmpty)
  }

  @Test(
    "knows local file systems from network ones",
    arguments: [
      (UInt32(0xEF53), false), (0x5846_5342, false), (0x0102_1994, false), (0x9123_683E, false), (0xFF53_4D42, true), (0xFE53_4D42, true),
      (0x00C3_6400, true),
    ])
  func types(_ magic: UInt32, isNetwork: Bool) {
    #expect(FileSystemType(magic: magic).isNetwork == isNetwork)
  }
}
