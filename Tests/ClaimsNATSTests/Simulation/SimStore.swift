import Claims
import ClaimsRegistry
import Synchronization

@testable import ClaimsNATS
@testable import ClaimsRegistry
@testable import ClaimsStore

/// What a server of ours has on its disk: a dictionary and a log, under the real rules of order. It outlives a restart.
final class SimStore {
  /// What is stored of an account.
  struct State {
    let version: TokenVersion
    /// Nil for a tombstone.
    let token: SimToken?
    let sequence: Int64
  }

  /// What the announcer asks the store, from wherever it is.
  private final class Newest: Sendable {
    let entries = Mutex<[AccountKey: AnnouncerCore.Newest]>([:])
  }

  private(set) var states: [AccountKey: State] = [:]
  private(set) var log: [AnnouncerCore.Record] = []
  /// Every token and delete claim that was ever stored.
  private(set) var tokens: [TokenDigest: SimToken] = [:]
  /// Up to where the log was announced.
  var cursor: Int64 = 0

  private let newest = Newest()
  /// When what was accepted, by the clock here.
  private var seen: [AccountKey: [TokenDigest: Int64]] = [:]
  private var removed: [AccountKey: Freshness.Removed] = [:]
  /// The hash of the states, until they change.
  private var known: (hash: StateHash, whole: [UInt8])?
  /// The seconds since 1970, as they are taken to be here.
  private let clock: () -> Int64
  /// Hears of each change, with what was stored before.
  private let changed: (AccountKey, State?, State) -> Void

  init(clock: @escaping () -> Int64, changed: @escaping (AccountKey, State?, State) -> Void) {
    self.clock = clock
    self.changed = changed
  }

  /// What the announcer asks.
  var lookup: @Sendable (AccountKey) -> AnnouncerCore.Newest? { { [newest] account in newest.entries.withLock { $0[account] } } }

  var hash: StateHash { current.hash }

  var whole: [UInt8] { current.whole }

  private var current: (hash: StateHash, whole: [UInt8]) {
    if let known { return known }
    var hash = StateHash()
    for (account, state) in states { hash.add(account.raw, state.version) }
    let current = (hash, hash.whole)
    known = current
    return current
  }

  // MARK: What changes it

  /// A push over HTTP, or claims that came over NATS; nil when admission refuses them, whatever is stored.
  @discardableResult
  func push(_ account: AccountKey, _ token: SimToken) -> Freshness.Judgement? {
    guard token.isTrusted, !AdmissionPolicy().isAhead(token.iat, at: clock()) else { return nil }
    let judgement = Freshness(iat: token.iat, digest: token.digest).judge(
      after: states[account].map { Self.entry(of: account, $0) }, wasStored: { seen[account]?[token.digest] != nil },
      removed: { removed[account] })
    if case .store(let generation) = judgement {
      store(account, TokenVersion(iat: token.iat, generation: generation, digest: token.digest, isDeleted: false), token)
    }
    return judgement
  }

  /// What the rule is told of a state.
  private static func entry(of account: AccountKey, _ state: State) -> AccountEntry {
    let version = state.version
    let newest = NewestChange(
      sequence: state.sequence, time: 0, kind: version.isDeleted ? .delete : .put, subject: account, digest: version.digest,
      iat: version.iat, generation: version.generation, expires: 0, issuer: "", owner: "", size: 0)
    return AccountEntry(newest, token: nil, issuer: InternedName(number: 0), owner: InternedName(number: 0))
  }

  /// A delete claim over HTTP.
  func delete(_ account: AccountKey, _ claim: SimToken) {
    guard let state = states[account], !state.version.isDeleted, state.version.iat <= claim.iat, seen[account]?[claim.digest] == nil
    else { return }
    let next = claim.iat == state.version.iat ? state.version.generation + 1 : 0
    store(account, TokenVersion(iat: claim.iat, generation: next, digest: claim.digest, isDeleted: true), claim)
  }

  /// Another server's state; true when it is ours now.
  func merge(_ account: AccountKey, _ state: State, claim: SimToken) -> Bool {
    guard !AdmissionPolicy().isAhead(claim.iat, at: clock()) else { return false }
    let judgement = MergeRule.judge(state.version, over: states[account]?.version, now: clock() * 1000) {
      seen[account]?[state.version.digest]
    }
    guard judgement == .take else { return false }
    store(account, state.version, claim)
    return true
  }

  private func store(_ account: AccountKey, _ version: TokenVersion, _ token: SimToken) {
    let before = states[account]
    if version.isDeleted, let old = before?.token { removed[account] = Freshness.Removed(iat: old.iat, digest: old.digest) }
    let state = State(version: version, token: version.isDeleted ? nil : token, sequence: Int64(log.count) + 1)
    known = nil
    seen[account, default: [:]][version.digest] = clock() * 1000
    tokens[version.digest] = token
    states[account] = state
    let content: AnnouncerCore.Newest.Content = version.isDeleted ? .deleted : .token(token.token)
    newest.entries.withLock { $0[account] = AnnouncerCore.Newest(sequence: state.sequence, content: content) }
    log.append(
      AnnouncerCore.Record(
        sequence: state.sequence, account: account, token: version.isDeleted ? nil : token.token, isTombstone: version.isDeleted))
    changed(account, before, state)
  }
}
