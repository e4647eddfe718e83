import Claims
import ClaimsStore
import ClaimsTestSupport
import Foundation
import Logging
import Synchronization
import Testing

@testable import ClaimsRegistry

/// Histories of many accounts at once through the whole registry, on a real log, with restarts and a clock that jumps.
@Suite("Random histories of a registry")
struct RegistryHistoryTests {
  private static let accounts = 300
  private static let steps = 3000

  /// An account, what was signed for it, and what the model knows.
  private struct Subject {
    let key: AccountKey
    let tokens: [(token: Token, iat: Int64)]
    let claims: [(token: Token, iat: Int64)]
    var mark: Int64?
    var served: Token?
    /// What the last deletion removed.
    var removed: Token?
    var known: Set<TokenDigest> = []
  }

  @Test("accept nothing older, nothing replaced and nothing ahead of the clock, and remember over restarts", .timeLimit(.minutes(5)))
  func registry() async throws {
    let seed = UInt64.random(in: .min ... .max)
    var generator = SeededGenerator(seed: seed)
    let authority = try TestAuthority()
    var subjects = try (0..<Self.accounts).map { _ in try Self.subject(authority) }
    let folder = try TemporaryFolder()
    let clock = JumpingClock()
    var registry = try Self.open(folder, authority, clock)
    for step in 0..<Self.steps {
      let place = Int.random(in: 0..<Self.accounts, using: &generator)
      let now = clock.seconds
      switch Int.random(in: 0..<100, using: &generator) {
      case 0:
        #expect(await registry.store.close())
        registry = try Self.open(folder, authority, clock)
      case 1..<8:
        clock.seconds = TestTime.seconds + Int64.random(in: -900...900, using: &generator)
      case 8..<14:
        let token = try #require(subjects[place].tokens.randomElement(using: &generator))
        let fault = await Self.acceptOlder(token, &subjects[place], registry, now)
        #expect(fault == nil, "seed \(seed), step \(step)")
      case 14..<20:
        let fault = await Self.undelete(&subjects[place], registry)
        #expect(fault == nil, "seed \(seed), step \(step)")
      case 20..<23:
        let token = try #require(subjects[place].tokens.randomElement(using: &generator))
        let fault = try await Self.copyIn(token, &subjects[place], registry, now)
        #expect(fault == nil, "seed \(seed), step \(step)")
      case 23..<40:
        let claim = try #require(subjects[place].claims.randomElement(using: &generator))
        let fault = await Self.delete(claim, &subjects[place], registry, now)
        #expect(fault == nil, "seed \(seed), step \(step)")
      default:
        let token = try #require(subjects[place].tokens.randomElement(using: &generator))
        let fault = await Self.push(token, &subjects[place], registry, now)
        #expect(fault == nil, "seed \(seed), step \(step)")
      }
      #expect(try registry.current(subjects[place].key)?.token == subjects[place].served, "seed \(seed), step \(step)")
    }
    #expect(subjects.filter { $0.mark != nil }.count > Self.accounts / 2)
    for subject in subjects { #expect(try registry.current(subject.key)?.token == subject.served, "seed \(seed)") }
    _ = try await ChainCheck.records(of: registry.store.log)
    #expect(await registry.store.close())
  }

  private static func subject(_ authority: TestAuthority) throws -> Subject {
    let key = try TestAuthority.account()
    let tokens = try (0..<8).map { number in
      let iat = TestTime.seconds + Int64(number / 2) * 300 - 600
      return (try authority.account(key, name: "\(number)", iat: iat), iat)
    }
    let claims = try (0..<2).map { number in
      let iat = TestTime.seconds + Int64(number) * 300 - 300
      return (try authority.deletion(of: [key], iat: iat), iat)
    }
    return Subject(key: key, tokens: tokens, claims: claims)
  }

  private static func open(_ folder: TemporaryFolder, _ authority: TestAuthority, _ clock: JumpingClock) throws -> Registry {
    let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    return Registry(
      store: try Store(.init(directory: folder.path), logger: logger),
      trust: TrustedOperators([try TrustedOperator(text: authority.token.text)]), clock: clock.clock, metrics: MetricsRegistry(),
      logger: logger)
  }

  private static func push(_ token: (token: Token, iat: Int64), _ subject: inout Subject, _ registry: Registry, _ now: Int64) async
    -> String?
  {
    let verdict: Verdict
    do {
      verdict = try await registry.push(token.token, by: .setup)
    } catch {
      // What is newer than everything and not ahead of the clock must be taken: a registry that refuses all would pass otherwise.
      return token.iat > subject.mark ?? .min && token.iat <= now + 300 ? "refused: \(error)" : nil
    }
    guard case .committed = verdict else { return subject.served == token.token ? nil : "unchanged, but something else is served" }
    defer {
      subject.mark = max(subject.mark ?? .min, token.iat)
      subject.served = token.token
      subject.known.insert(token.token.digest)
    }
    if token.iat > now + 300 { return "a token ahead of the clock was accepted" }
    if let mark = subject.mark, token.iat < mark { return "a token of \(token.iat) was accepted after \(mark)" }
    return subject.known.contains(token.token.digest) ? "a token that was replaced or deleted was accepted again" : nil
  }

  /// A token copied into the directory is a push; what the doors would refuse is set aside, and the right file is there afterwards.
  private static func copyIn(
    _ token: (token: Token, iat: Int64), _ subject: inout Subject, _ registry: Registry, _ now: Int64
  ) async throws -> String? {
    _ = try await registry.store.completeFiles()
    let directory = registry.store.directory
    let file = directory.file(of: subject.key, in: directory.layout)
    let former = try registry.current(subject.key)?.token
    try Data(token.token.bytes).write(to: URL(filePath: file.path))
    let judge = GuardingJudge(registry)
    // What looks bad is believed when it is seen twice and nobody has it open: a process that another test starts has, for a moment.
    try await eventually("the file is judged") { await !judge.look(at: file.name, isStart: false) }
    let served = try registry.current(subject.key)?.token
    defer {
      subject.mark = served == former ? subject.mark : max(subject.mark ?? .min, token.iat)
      subject.served = served
      if let served { subject.known.insert(served.digest) }
    }
    _ = try await registry.store.completeFiles()
    let isThere = FileManager.default.fileExists(atPath: file.path)
    if isThere != (served != nil) { return "the file and the account are not there together" }
    if let served, try Data(contentsOf: URL(filePath: file.path)) != Data(served.bytes) { return "the file is not what is served" }
    guard served != former else {
      return token.iat > subject.mark ?? .min && token.iat <= now + 300 ? "a newer file was not taken" : nil
    }
    if served != token.token { return "neither what was served nor the file is served" }
    if token.iat > now + 300 { return "a file ahead of the clock was taken" }
    if let mark = subject.mark, token.iat < mark { return "a file of \(token.iat) was taken after \(mark)" }
    return subject.known.contains(token.token.digest) ? "a file that was replaced or deleted was taken again" : nil
  }

  /// On purpose any token may come, but none that is ahead of the clock; the mark stays.
  private static func acceptOlder(
    _ token: (token: Token, iat: Int64), _ subject: inout Subject, _ registry: Registry, _ now: Int64
  ) async -> String? {
    do {
      _ = try await registry.acceptOlder(token.token, by: .setup)
    } catch {
      return token.iat <= now + 300 ? "not accepted on purpose: \(error)" : nil
    }
    subject.mark = max(subject.mark ?? .min, token.iat)
    subject.served = token.token
    subject.known.insert(token.token.digest)
    return token.iat > now + 300 ? "a token ahead of the clock was accepted on purpose" : nil
  }

  private static func undelete(_ subject: inout Subject, _ registry: Registry) async -> String? {
    do {
      _ = try await registry.undelete(subject.key, by: .setup)
    } catch {
      return nil
    }
    if subject.served != nil || subject.removed == nil { return "an account came back that was not deleted" }
    subject.served = subject.removed
    return nil
  }

  private static func delete(_ claim: (token: Token, iat: Int64), _ subject: inout Subject, _ registry: Registry, _ now: Int64) async
    -> String?
  {
    do {
      _ = try await registry.delete(claim.token, only: subject.key, by: .setup)
    } catch {
      return nil
    }
    defer {
      subject.mark = max(subject.mark ?? .min, claim.iat)
      subject.removed = subject.served
      subject.served = nil
      subject.known.insert(claim.token.digest)
    }
    if subject.served == nil { return "an account that is not there was deleted" }
    if let mark = subject.mark, claim.iat < mark { return "a claim of \(claim.iat) removed a token of \(mark)" }
    return subject.known.contains(claim.token.digest) ? "a delete claim was accepted twice" : nil
  }
}

/// A clock that is set by hand.
private final class JumpingClock: Sendable {
  private let now = Mutex(TestTime.seconds)

  var seconds: Int64 {
    get { now.withLock { $0 } }
    set { now.withLock { $0 = newValue } }
  }

  var clock: WallClock { WallClock { [self] in seconds * 1000 } }
}
