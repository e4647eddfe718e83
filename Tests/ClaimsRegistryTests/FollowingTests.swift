import Claims
import ClaimsRegistry
import ClaimsStore
import ClaimsTestSupport
import Glibc
import Testing

@Suite("A read-only server that follows a directory")
struct FollowingTests {
  private let authority: TestAuthority
  private let account: AccountKey
  private let folder: TemporaryFolder
  private let faults = FaultyFileSystem()

  init() throws {
    authority = try TestAuthority()
    account = try TestAuthority.account()
    folder = try TemporaryFolder()
  }

  private var file: String { "\(account).jwt" }
  private var shard: String { String(account.text.suffix(2)) }

  private func start() async throws -> Watched {
    let subject = try RegistryUnderTest(trusting: [authority], folder: folder, isReadOnly: true, fileSystem: faults)
    try await subject.registry.adoptDirectory()
    return try Watched(subject)
  }

  private func serves(_ token: Token?, _ watched: Watched) -> Bool { watched.subject.registry.lookup(account)?.token == token }

  @Test("serves what appears, whatever a push of it would be told, and an older token in the place of a newer one")
  func appears() async throws {
    let watched = try await start()
    let tokens = [
      try authority.account(account) { $0.common.exp = 1000 }, try authority.account(account, iat: TestTime.seconds - 100),
      try authority.account(account, iat: TestTime.seconds + 9999),
    ]
    for token in tokens {
      try folder.write(token.text, to: file)
      try await eventually("it is served") { serves(token, watched) }
    }
    try await watched.stop()
    #expect(try folder.names() == [file])
  }

  @Test("what vanishes is not served any more, until it is back")
  func vanishes() async throws {
    let token = try authority.account(account)
    try folder.write(token.text, to: file)
    let watched = try await start()
    #expect(serves(token, watched))
    #expect(rename("\(folder.path)/\(file)", "\(folder.path)/elsewhere") == 0)
    try await eventually("it is gone") { serves(nil, watched) }
    #expect(rename("\(folder.path)/elsewhere", "\(folder.path)/\(file)") == 0)
    try await eventually("it is back") { serves(token, watched) }
    try await watched.stop()
  }

  @Test("a damaged file leaves what was served, is named, and is served when it is whole")
  func damaged() async throws {
    let token = try authority.account(account)
    try folder.write(token.text, to: file)
    let watched = try await start()
    try folder.write("garbage", to: file)
    try await eventually("it is named") { watched.subject.warnings(.damagedFiles).count == 1 }
    #expect(serves(token, watched))
    let newer = try authority.account(account, iat: TestTime.seconds + 1)
    try folder.write(newer.text, to: file)
    try await eventually("it is served") { serves(newer, watched) }
    try await eventually("it is named no more") { watched.subject.warnings(.damagedFiles).isEmpty }
    try await watched.stop()
  }

  @Test("of two layouts the newer token is served, and the other one when it is gone")
  func layouts() async throws {
    let token = try authority.account(account)
    let newer = try authority.account(account, iat: TestTime.seconds + 1)
    try folder.write(token.text, to: file)
    let watched = try await start()
    try folder.write(newer.text, to: "\(shard)/\(file)")
    try await eventually("the newer one is served") { serves(newer, watched) }
    unlink("\(folder.path)/\(shard)/\(file)")
    try await eventually("the other one is served again") { serves(token, watched) }
    try await watched.stop()
  }

  @Test("a file that cannot be read leaves what was served, and is served when it can be", arguments: [EIO, EACCES, EMFILE])
  func unread(_ code: Int32) async throws {
    let token = try authority.account(account)
    try folder.write(token.text, to: file)
    let watched = try await start()
    faults.fails = .init(call: "read", code: code, for: file)
    let newer = try authority.account(account, iat: TestTime.seconds + 1)
    try folder.write(newer.text, to: file)
    try await eventually("it is named") { watched.subject.warnings(.damagedFiles).count == 1 }
    #expect(serves(token, watched))
    faults.fails = nil
    try await eventually("it is served") { serves(newer, watched) }
    try await eventually("it is named no more") { watched.subject.warnings(.damagedFiles).isEmpty }
    try await watched.stop()
  }

  /// Puts files where Kubernetes puts those of a ConfigMap: in a folder of their own, with a link to it that is turned at once, and a link to
  /// each file.
  private func mount(_ tokens: [AccountKey: Token], as version: String) throws {
    for (key, token) in tokens { try folder.write(token.text, to: "..\(version)/\(key).jwt") }
    unlink("\(folder.path)/..data_tmp")
    #expect(symlink("..\(version)", "\(folder.path)/..data_tmp") == 0)
    #expect(rename("\(folder.path)/..data_tmp", "\(folder.path)/..data") == 0)
    for key in tokens.keys { symlink("..data/\(key).jwt", "\(folder.path)/\(key).jwt") }
  }

  @Test("serves the files of a ConfigMap, and follows when all of them change at once")
  func configMap() async throws {
    let (token, second) = (try authority.account(account), try authority.account(account, iat: TestTime.seconds + 1))
    let other = try TestAuthority.account()
    let added = try authority.account(other)
    try mount([account: token], as: "2026_1")
    let watched = try await start()
    #expect(serves(token, watched))
    try mount([account: second, other: added], as: "2026_2")
    try await eventually("the new ones are served") {
      serves(second, watched) && watched.subject.registry.lookup(other)?.token == added
    }
    unlink("\(folder.path)/\(file)")
    try await eventually("one that is taken out is gone") { serves(nil, watched) }
    #expect(watched.subject.warnings(.damagedFiles).isEmpty)
    try await watched.stop()
    // The record says what happened: a file was followed, nobody pushed.
    #expect(try await watched.subject.history(other).map(\.kind) == [.follow])
  }

  @Test("does not serve what a link leads to outside of the directory")
  func linksOutside() async throws {
    let elsewhere = try TemporaryFolder()
    try elsewhere.write(try authority.account(account).text, to: "token")
    #expect(symlink("\(elsewhere.path)/token", "\(folder.path)/\(file)") == 0)
    let watched = try await start()
    #expect(serves(nil, watched))
    #expect(watched.subject.warnings(.damagedFiles).contains { $0.contains("no regular file") })
    try await watched.stop()
  }
}
