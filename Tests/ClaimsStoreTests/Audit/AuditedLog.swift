import Claims
import ClaimsStore
import ClaimsTestSupport
import Foundation
import GRDB
import Nkeys
import Testing

/// A log as a server leaves it behind that is closed, or one that is killed: every kind of record, tokens that were given up, cursors, operators.
struct AuditedLog {
  let folder: TemporaryFolder
  let authority: TestAuthority
  let one: AccountKey

  init(isClosed: Bool = false) async throws {
    folder = try TemporaryFolder()
    authority = try TestAuthority()
    let former = try TestAuthority()
    one = try TestAuthority.account()
    let (two, three) = (try TestAuthority.account(), try TestAuthority.account())
    let log = try SQLiteChangeLog(path: folder.path + "/log.sqlite", largestTail: 8)
    var changes: [Change] = []
    for (number, account) in [one, two, three].enumerated() {
      let owner = number == 1 ? authority.identity.publicKey.text : ""
      func add(_ kind: ChangeKind, _ second: Int64, mark: Int64? = nil) throws {
        let iat = TestTime.seconds + second
        let token =
          kind == .delete
          ? try authority.deletion(of: [two, account], iat: iat) : try authority.account(account, name: "\(kind) \(second)", iat: iat)
        changes.append(try Self.change(kind, account, token, mark: mark.map { TestTime.seconds + $0 }, owner: owner))
      }
      try add(.adopt, 0)
      for second in 1..<6 { try add(.put, Int64(second)) }
      try add(.acceptOlder, 3, mark: 5)
      try add(.transfer, 6)
      try add(.follow, 6)
      if number > 0 {
        try add(.close, 7)
        try add(.delete, 8)
      }
      if number > 1 { try add(.restore, 6, mark: 8) }
    }
    for part in stride(from: 0, to: changes.count, by: 4) {
      let some = Array(changes[part..<min(part + 4, changes.count)])
      try log.transaction { transaction in for change in some { _ = try transaction.append(change) } }
      try log.tidy()
    }
    for second in 0..<2 {
      let exporter = try TestExporter()
      let activation = try exporter.activation(
        for: one, iat: TestTime.seconds + Int64(second), signer: second == 0 ? nil : exporter.signing)
      let hash = try #require(try DecodedToken.decode(activation).claims.activation).activationHash()
      let change = try Self.change(.activation, exporter.account, activation)
      try log.transaction { _ = try $0.append(change, as: hash) }
    }
    try await log.note(operators: [OperatorRecord(key: former.identity.publicKey.text, iat: TestTime.seconds - 1000, token: former.token)])
    try await log.note(operators: [
      OperatorRecord(key: authority.identity.publicKey.text, iat: TestTime.seconds - 1000, token: authority.token)
    ])
    for (reader, place) in [("directory", 7), ("announcer", 9), ("adoption", 1), ("retention-4", 12)] {
      try await log.setCursor(of: reader, to: Int64(place))
    }
    guard try await log.giveUpVersions(of: [one, three], keeping: 4) > 3 else { throw RefusedInTest() }
    try await log.prove()
    let unfolded = try Data(contentsOf: URL(filePath: file))
    try log.close()
    if !isClosed { try unfolded.write(to: URL(filePath: file)) }
  }

  var file: String { folder.path + "/log.sqlite" }

  static func change(_ kind: ChangeKind, _ account: AccountKey, _ token: Token, mark: Int64? = nil, owner: String = "") throws -> Change {
    let common =
      kind == .delete ? try VerifiedClaims.decodeGeneric(token).claims.common : try DecodedToken.decode(token).claims.common
    return Change(
      time: common.iat * 1000 + 7, kind: kind, subject: account, token: token, digest: token.digest, jti: common.jti,
      iat: mark ?? common.iat, generation: 0, expires: common.exp, issuer: common.iss.text, actor: "test", owner: owner)
  }

  /// The log's file with bytes of the test's making, in a folder of its own.
  func copy(_ bytes: [UInt8]? = nil) throws -> LogCopy {
    try LogCopy(bytes ?? [UInt8](Data(contentsOf: URL(filePath: file))))
  }
}

/// A copy of a log that a test damages.
struct LogCopy {
  let folder: TemporaryFolder

  init(_ bytes: [UInt8]) throws {
    folder = try TemporaryFolder()
    try Data(bytes).write(to: URL(filePath: folder.path + "/log.sqlite"))
  }

  /// The log of a folder itself, which no process holds now.
  init(at folder: TemporaryFolder) { self.folder = folder }

  /// What a verification finds; what cannot even be opened is one finding.
  func findings(_ tokens: LogVerifier.Tokens = .digests, heads: [LogHead] = []) async throws -> [String] {
    var findings: [String] = []
    do {
      var verifier = LogVerifier(try LogReader(StateFolder(folder.path)))
      verifier.tokens = tokens
      verifier.heads = heads
      let verdict = try await verifier.run(progress: { _, _ in }, report: { findings.append($0.description) })
      guard verdict.findings == findings.count else { throw RefusedInTest() }
    } catch let error as StoreError {
      findings.append(error.description)
    }
    return findings
  }

  /// Changes the log behind the program's back.
  func execute(_ statements: String...) throws {
    let queue = try DatabaseQueue(path: folder.path + "/log.sqlite")
    try queue.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA synchronous = OFF; PRAGMA ignore_check_constraints = ON")
      for statement in statements { try db.execute(sql: statement) }
    }
    try queue.close()
  }

  /// All that the database says, in its tables and in its indexes; nil when SQLite cannot read it.
  func dump() -> [String]? {
    do {
      var configuration = Configuration()
      configuration.readonly = true
      let queue = try DatabaseQueue(path: "file:\(folder.path)/log.sqlite?immutable=1", configuration: configuration)
      return try queue.read { db in
        var lines: [String] = []
        for (source, columns) in Self.contents {
          let values = columns.map { "typeof(\($0)) || ':' || hex(\($0))" }.joined(separator: " || ' ' || ")
          lines += try String.fetchAll(db, sql: "SELECT '\(columns[0]) ' || COALESCE(\(values), '?') FROM \(source)")
        }
        return lines
      }
    } catch {
      return nil
    }
  }

  /// The tables and their columns.
  static let tables: [(name: String, columns: [String])] = [
    (
      "change",
      [
        "sequence", "time", "kind", "subject", "token", "digest", "jti", "iat", "generation", "expires", "issuer", "actor", "chain",
        "owner",
      ]
    ),
    (
      "newest",
      ["subject", "sequence", "time", "kind", "digest", "iat", "generation", "expires", "issuer", "owner", "size"]
    ),
    ("history", ["account", "record"]), ("activation", ["hash", "record"]), ("reader", ["name", "sequence"]),
    ("operator", ["key", "position", "iat", "token"]),
    ("seal", ["id", "given_up", "given_up_sum", "digest"]), ("grdb_migrations", ["identifier"]),
  ]

  private static let contents: [(source: String, columns: [String])] =
    tables.map { ($0.name, $0.columns) } + [
      ("sqlite_master", ["type", "name", "tbl_name", "rootpage", "sql"]),
      ("change INDEXED BY change_tombstone WHERE kind = 3 AND token IS NOT NULL ORDER BY time", ["time", "sequence"]),
    ]
}
