import Claims
import ClaimsTestSupport

@testable import ClaimsRegistry
@testable import ClaimsStore

/// A log as plain as can be, for histories by the hundred thousand.
final class HistoryLog: LogTransaction {
  private(set) var records: [ChangeRecord] = []
  /// Tokens that another server replaced or deleted, and that would be new here.
  private var learned: Set<TokenDigest> = []

  func learn(_ digest: TokenDigest) { learned.insert(digest) }

  func append(_ change: Change) throws -> ChangeRecord {
    let record = ChangeRecord(sequence: Int64(records.count) + 1, change: change, chain: [])
    records.append(record)
    return record
  }

  func append(_ change: Change, as hash: ActivationHash) throws -> ChangeRecord { try append(change) }
  func activation(_ hash: ActivationHash) throws -> ChangeRecord? { nil }
  func contains(_ digest: TokenDigest, as hash: ActivationHash) throws -> Bool { false }

  func contains(_ digest: TokenDigest, for account: AccountKey) throws -> Bool {
    learned.contains(digest) || records.contains { $0.change.digest == digest && $0.change.subject == account }
  }

  func acceptance(of digest: TokenDigest, for account: AccountKey) throws -> Int64? {
    records.last { $0.change.digest == digest && $0.change.subject == account }?.change.time
  }

  func newestToken(of account: AccountKey) throws -> ChangeRecord? {
    records.last { $0.change.subject == account && $0.change.kind.isVersion }
  }
}

/// One server of a history.
struct HistoryServer {
  /// Only makes entries; it holds none.
  private static let maker = AccountIndex()

  private static let policy = AdmissionPolicy()

  let log = HistoryLog()
  /// What the server's clock says.
  var now = TestTime.seconds
  var current: AccountEntry?
  var model = HistoryModel()

  /// The mark and what is served, as the entry says them.
  var state: TokenVersion? {
    current.map { TokenVersion(iat: $0.iat, generation: $0.generation, digest: $0.digest, isDeleted: $0.isDeleted) }
  }

  /// A token came to a door: over HTTP, or as a file that someone copied in.
  mutating func push(_ item: TokenPool.Item, _ account: AccountKey) throws -> String? {
    if Self.policy.isAhead(item.iat, at: now) { return nil }
    let judgement = try Freshness(iat: item.iat, digest: item.digest).judge(
      after: current, wasStored: { try log.contains(item.digest, for: account) },
      removed: { try log.newestToken(of: account).map { .init(iat: $0.change.iat, digest: $0.change.digest) } })
    guard case .store(let generation) = judgement else { return nil }
    if item.iat - now > 300 { return "a token of \(item.iat) was accepted at \(now)" }
    if let wrong = model.accepts(item.digest, iat: item.iat) { return wrong }
    return try append(change(item, account, generation))
  }

  /// A delete claim came.
  mutating func delete(_ claim: DeleteClaim, _ account: AccountKey) throws -> String? {
    let decision = try claim.judge(
      account, current: current, owner: "", closing: nil, wasUsed: { try log.contains(claim.digest, for: account) }, time: 0,
      requester: .setup)
    guard case .appendAll(let changes) = decision, let change = changes.last else { return nil }
    if let current, current.iat > claim.iat { return "a delete claim of \(claim.iat) removed a token of \(current.iat)" }
    if let wrong = model.deletes(claim.digest) { return wrong }
    return try append(change)
  }

  /// Somebody brings a token back on purpose, whatever its age.
  mutating func acceptOlder(_ item: TokenPool.Item, _ account: AccountKey) throws -> String? {
    if Self.policy.isAhead(item.iat, at: now) || current.map({ !$0.isDeleted && $0.digest == item.digest }) == true { return nil }
    return try recall(.acceptOlder, item, account)
  }

  /// Somebody brings back what the last deletion removed.
  mutating func undelete(_ pool: TokenPool) throws -> String? {
    guard current?.isDeleted == true, let removed = try log.newestToken(of: pool.account),
      let item = pool.tokens.first(where: { $0.digest == removed.change.digest })
    else { return nil }
    return try recall(.restore, item, pool.account)
  }

  private mutating func recall(_ kind: ChangeKind, _ item: TokenPool.Item, _ account: AccountKey) throws -> String? {
    let generation = current.map { Freshness.generationOnPurpose(after: $0) } ?? 0
    let mark = current?.iat
    model.recalls(item.digest)
    let wrong = try append(change(item, account, generation, kind: kind, iat: max(item.iat, mark ?? item.iat)))
    return wrong ?? (current?.iat ?? .min < mark ?? .min ? "what was brought back on purpose took the mark back" : nil)
  }

  /// Takes the other server's newest state over, and learns which tokens it knows.
  mutating func merge(_ other: HistoryServer, _ account: AccountKey) throws -> String? {
    guard let theirs = other.state, let newest = other.log.records.last else { return nil }
    let mine = state
    for record in other.log.records { log.learn(record.change.digest) }
    model.learns(other.model)
    let merged = mine?.merged(with: theirs) ?? theirs
    if merged == mine { return nil }
    if let mine, merged.iat < mine.iat { return "a merge took the mark back" }
    return try append(newest.change)
  }

  /// Starts again from the log.
  mutating func restart() -> String? {
    let before = state
    current = log.records.last.map { Self.maker.entry($0) }
    return before == state ? nil : "a restart changed what is stored"
  }

  private mutating func append(_ change: Change) throws -> String? {
    current = Self.maker.entry(try log.append(change))
    return model.marks(change.iat)
  }

  private func change(
    _ item: TokenPool.Item, _ account: AccountKey, _ generation: Int64, kind: ChangeKind = .put, iat: Int64? = nil
  ) -> Change {
    Change(
      time: 0, kind: kind, subject: account, token: item.token, digest: item.digest, jti: "", iat: iat ?? item.iat, generation: generation,
      expires: 0, issuer: "", actor: "")
  }
}

/// A history of one account on two servers, as it is played.
struct History {
  private let pool: TokenPool
  private var servers = [HistoryServer(), HistoryServer()]
  /// What happened, for the report.
  private(set) var steps: [String] = []
  /// What went wrong.
  private(set) var wrong: [String] = []

  init(_ pool: TokenPool) {
    self.pool = pool
  }

  /// One more step.
  mutating func step(using generator: inout some RandomNumberGenerator) throws {
    let server = Int.random(in: 0...1, using: &generator)
    switch Int.random(in: 0..<13, using: &generator) {
    case 0..<5:
      let number = Int.random(in: 0..<pool.tokens.count, using: &generator)
      note("server \(server): token \(number)", try servers[server].push(pool.tokens[number], pool.account))
    case 5..<7:
      let number = Int.random(in: 0..<pool.claims.count, using: &generator)
      note("server \(server): claim \(number)", try servers[server].delete(pool.claims[number], pool.account))
    case 7:
      // Most tokens are ahead of some of these clocks.
      servers[server].now = TestTime.seconds - 300 + Int64.random(in: -2...8, using: &generator)
      note("the clock of server \(server) says \(servers[server].now)", nil)
    case 8: note("server \(server) starts again", servers[server].restart())
    case 9:
      let number = Int.random(in: 0..<pool.tokens.count, using: &generator)
      note("server \(server): token \(number) on purpose", try servers[server].acceptOlder(pool.tokens[number], pool.account))
    case 10: note("server \(server): undelete", try servers[server].undelete(pool))
    default: try merge(into: server)
    }
  }

  /// Both servers exchange what they hold, which makes them equal, and once more, which changes nothing.
  mutating func meet() throws {
    try merge(into: 0)
    try merge(into: 1)
    let met = servers.map(\.state)
    if met[0] != met[1] { wrong.append("the servers differ after they met") }
    try merge(into: 0)
    try merge(into: 1)
    if met != servers.map(\.state) { wrong.append("meeting again changed something") }
  }

  private mutating func merge(into server: Int) throws {
    let other = servers[1 - server]
    note("server \(server) merges", try servers[server].merge(other, pool.account))
  }

  private mutating func note(_ step: String, _ fault: String?) {
    steps.append(step)
    if let fault { wrong.append(fault) }
  }
}
