import Claims
import ClaimsRegistry
import ClaimsStore
import ClaimsTestSupport
import Glibc
import Nkeys
import Testing

@Suite("Adoption of a directory")
struct AdoptionTests {
  private let authority: TestAuthority
  private let folder: TemporaryFolder
  private let account: AccountKey

  init() throws {
    authority = try TestAuthority()
    folder = try TemporaryFolder()
    account = try TestAuthority.account()
  }

  private func adopt() async throws -> RegistryUnderTest {
    let subject = try RegistryUnderTest(trusting: [authority], folder: folder)
    try await subject.registry.adoptDirectory()
    return subject
  }

  private func warnings(_ subject: RegistryUnderTest) -> [String] {
    subject.registry.currentWarnings().first { $0.kind == .damagedFiles }?.texts ?? []
  }

  @Test("what verifies and is rightly named is served as it was, expired or not, with a line feed or without")
  func adopts() async throws {
    let expired = try authority.account(account) { $0.common.exp = 1000 }
    try folder.write(expired.text + "\n", to: "\(account).jwt")
    let other = try TestAuthority.account()
    let token = try authority.account(other)
    try folder.write(token.text, to: "\(other.text.suffix(2))/\(other).jwt")
    let subject = try await adopt()
    #expect(subject.registry.lookup(account)?.token == expired)
    #expect(subject.registry.lookup(other)?.token == token)
    #expect(try await subject.registry.changes(after: 0).allSatisfy { $0.change.kind == .adopt })
    #expect(warnings(subject).isEmpty)
    await subject.store.close()
    #expect(try folder.text("\(account).jwt") == expired.text + "\n")
  }

  @Test("damaged and mis-named files are named, not served, and stay where they are")
  func withholds() async throws {
    let token = try authority.account(account)
    let other = try TestAuthority.account()
    try folder.write(token.text, to: "\(other).jwt")
    try folder.write(String(token.text.dropLast(5)), to: "\(account).jwt")
    try folder.write("", to: "empty.jwt")
    try folder.write(authority.token.text, to: "operator.jwt")
    let subject = try await adopt()
    #expect(subject.registry.accounts().isEmpty)
    let texts = warnings(subject)
    #expect(texts.count == 4)
    for name in [other.text, account.text, "empty", "operator"] { #expect(texts.contains { $0.contains(name) }, "\(name)") }
    await subject.store.close()
    #expect(try folder.names().count == 4)
    // They are named after the next start too.
    let again = try Watched(try await adopt())
    try await eventually("all are named") { warnings(again.subject).count == 4 }
    try await again.stop()
    #expect(try folder.names().count == 4)
  }

  @Test("a file that cannot be read is taken over as it is when it can be, by the watch or by the next start", arguments: [true, false])
  func unread(isWatched: Bool) async throws {
    let expired = try authority.account(account) { $0.common.exp = 1000 }
    try folder.write(expired.text, to: "\(account).jwt")
    let other = try TestAuthority.account()
    try folder.write(try authority.account(other).text, to: "\(other).jwt")
    let faults = FaultyFileSystem()
    faults.fails = .init(call: "read", code: EIO, for: "\(account).jwt")
    let subject = try RegistryUnderTest(trusting: [authority], folder: folder, fileSystem: faults)
    try await subject.registry.adoptDirectory()
    #expect(subject.registry.accounts() == [other])
    #expect(warnings(subject).count == 1 && warnings(subject)[0].contains("cannot be read"))
    guard isWatched else {
      await subject.store.close()
      let again = try await adopt()
      #expect(again.registry.lookup(account)?.token == expired)
      await again.store.close()
      return
    }
    let watched = try Watched(subject)
    faults.fails = nil
    try await eventually("it is served") { subject.registry.lookup(account)?.token == expired }
    try await eventually("it is named no more") { warnings(subject).isEmpty }
    #expect(try await subject.history(account).map(\.kind) == [.adopt])
    try await watched.stop()
    #expect(try folder.text("\(account).jwt") == expired.text)
  }

  @Test("a link in the place of a file is named and not followed")
  func links() async throws {
    let other = try TestAuthority.account()
    try folder.write(try authority.account(account).text, to: "elsewhere")
    #expect(symlink("\(folder.path)/elsewhere", "\(folder.path)/\(account).jwt") == 0)
    try folder.write(try authority.account(other).text, to: "\(other).jwt")
    let subject = try await adopt()
    #expect(subject.registry.accounts() == [other])
    #expect(warnings(subject).count == 1 && warnings(subject)[0].contains("no regular file"))
    await subject.store.close()
  }

  @Test("what a key signed that the operator may have taken out is served as it was, and named")
  func namesFormerKeys() async throws {
    let former = try TestAuthority()
    // Signed before the operator's token, which could have taken the key out.
    try folder.write(try former.account(account, iat: TestTime.seconds - 2000).text, to: "\(account).jwt")
    let subject = try await adopt()
    #expect(subject.registry.lookup(account) != nil)
    #expect(remarks(subject).count == 1 && remarks(subject)[0].contains(former.signing.publicKey.text))
    await subject.store.close()
  }

  @Test("what a foreign operator signed is withheld and named")
  func withholdsForeign() async throws {
    let stranger = try TestAuthority()
    try folder.write(try stranger.account(account).text, to: "\(account).jwt")
    let subject = try await adopt()
    #expect(subject.registry.lookup(account) == nil)
    #expect(warnings(subject).count == 1 && warnings(subject)[0].contains(stranger.signing.publicKey.text))
    await subject.store.close()
    #expect(try folder.names() == ["\(account).jwt"])
  }

  @Test("what a push would be refused for is served, and listed once with every reason")
  func listsRemarks() async throws {
    let future = try TestAuthority.account()
    let expired = try TestAuthority.account()
    let old = try TestAuthority.account()
    let blocking = try TestAuthority.account()
    try folder.write(try authority.account(future, iat: TestTime.seconds + 9999).text + "\n", to: "\(future).jwt")
    try folder.write(try authority.account(expired) { $0.common.exp = 1000 }.text, to: "\(expired).jwt")
    try folder.write(try authority.version1(old, name: "old", header: #"{"typ":"jwt","alg":"ed25519"}"#).text, to: "\(old).jwt")
    try folder.write(
      try authority.account(blocking) { $0.exports = [Export(.stream, subject: Subject("a b"))] }.text, to: "\(blocking).jwt")
    let subject = try await adopt()
    #expect(subject.registry.accounts().count == 4)
    for (key, words) in [
      (future, ["line feed", "in the future"]), (expired, ["expired since"]), (old, ["version 1"]), (blocking, ["blocking issue"]),
    ] {
      let lines = remarks(subject).filter { $0.contains(key.text) }
      #expect(lines.count == 1)
      for word in words { #expect(lines.first?.contains(word) == true, "\(word): \(lines)") }
    }
    #expect(warnings(subject).isEmpty)
    await subject.store.close()
  }

  private func remarks(_ subject: RegistryUnderTest) -> [String] {
    subject.registry.currentWarnings().first { $0.kind == .adoptedAsFound }?.texts ?? []
  }

  @Test("goes on where a start was cut short")
  func goesOn() async throws {
    let other = try TestAuthority.account()
    try folder.write(try authority.account(other).text, to: "\(other).jwt")
    let token = try authority.account(account)
    // A log that holds a part of the directory, as a start leaves it that was killed in the middle.
    let first = try RegistryUnderTest(trusting: [authority], folder: folder)
    try await first.store(token)
    await first.store.close()
    let second = try await adopt()
    #expect(second.registry.accounts().count == 2)
    #expect(try await second.registry.history(of: account).map(\.change.kind) == [.put])
    #expect(try await second.registry.history(of: other).map(\.change.kind) == [.adopt])
    await second.store.close()
  }

  @Test("of an account in both layouts the newer token is served")
  func prefersTheNewer() async throws {
    let old = try authority.account(account, iat: TestTime.seconds - 5)
    let new = try authority.account(account, iat: TestTime.seconds)
    try folder.write(new.text, to: "\(account.text.suffix(2))/\(account).jwt")
    try folder.write(old.text, to: "\(account).jwt")
    let subject = try await adopt()
    #expect(subject.registry.lookup(account)?.token == new)
    #expect(warnings(subject).count == 1)
    await subject.store.close()
  }

  @Test("happens once: a second start takes nothing over")
  func happensOnce() async throws {
    try folder.write(try authority.account(account).text, to: "\(account).jwt")
    let first = try await adopt()
    let count = try await first.store.log.lastSequence()
    await first.store.close()
    let second = try await adopt()
    #expect(try await second.store.log.lastSequence() == count)
    #expect(second.registry.lookup(account) != nil)
    await second.store.close()
  }

  @Test("an adopted token is the mark that later pushes must pass")
  func setsTheMark() async throws {
    try folder.write(try authority.account(account).text, to: "\(account).jwt")
    let subject = try await adopt()
    #expect(await subject.refusal(of: try authority.account(account, iat: TestTime.seconds - 1)) == .older)
    try await subject.store(try authority.account(account, iat: TestTime.seconds + 1))
    await subject.store.close()
  }

  @Test("an issue time at the end of all times does no harm", arguments: [Int64.max, Int64.min, 0])
  func survivesExtremes(_ iat: Int64) async throws {
    try folder.write(try authority.account(account, iat: iat).text, to: "\(account).jwt")
    let subject = try await adopt()
    #expect(subject.registry.lookup(account) != nil)
    for name in ["a", "b"] { _ = await subject.refusal(of: try authority.account(account, name: name, iat: iat)) }
    _ = await subject.refusal(of: try authority.account(account))
    _ = await subject.deletionRefusal(try authority.deletion(of: [account]))
    await subject.store.close()
  }

  @Test("pipes and links are named and hold nothing up", .timeLimit(.minutes(1)))
  func refusesPipes() async throws {
    let other = try TestAuthority.account()
    try folder.write(try authority.account(other).text, to: "elsewhere")
    #expect(mkfifo("\(folder.path)/\(account).jwt", 0o600) == 0)
    #expect(symlink("elsewhere", "\(folder.path)/\(other).jwt") == 0)
    let subject = try await adopt()
    #expect(subject.registry.accounts().isEmpty)
    #expect(warnings(subject).count == 2)
    await subject.store.close()
  }

  @Test("a missing system account is a named warning")
  func namesTheSystemAccount() async throws {
    let subject = try await adopt()
    let system = try AccountKey(authority.system.publicKey)
    let texts = subject.registry.currentWarnings().first { $0.kind == .missingSystemAccount }?.texts ?? []
    #expect(texts.count == 1 && texts[0].contains(system.text))
    try await subject.store(try authority.account(system))
    #expect(!subject.registry.currentWarnings().contains { $0.kind == .missingSystemAccount })
    await subject.store.close()
  }
}
