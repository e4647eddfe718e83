import Claims
import ClaimsRegistry
import ClaimsStore
import Hummingbird
import Nkeys

/// Accounts for programs: lists of them, one, its history, and what changed in it.
struct APIAccounts: Sendable {
  /// How many accounts one request looks into: a page may be short, and says where to go on.
  private static let mostRead = 10_000

  let registry: Registry

  /// `GET /api/v1/accounts`: a page of accounts, in the order of their keys' bytes.
  func list(_ request: Request) throws -> JSONValue {
    let query = try APIQuery(request, ["limit", "after"] + AccountFilter.parameters)
    let limit = try query.count("limit", in: 1...1000, standard: 100)
    let after = try query.account("after")
    let filter = try AccountFilter(query)
    let trust = registry.trust.current
    let index = registry.store.index
    let now = registry.clock.seconds
    let candidates = index.accounts { filter.mayShow($0, in: index, now: now) }.filter { account in after.map { account > $0 } ?? true }
    var page: [JSONValue] = []
    var last: AccountKey?
    var read = 0
    for account in candidates.sorted() {
      guard page.count < limit, read < Self.mostRead else { break }
      read += 1
      last = account
      if let view = try AccountView(account, registry: registry, trust: trust), filter.shows(view) { page.append(.object(view.summary)) }
    }
    let isWhole = read == candidates.count
    return .object([.init("accounts", .array(page)), .init("next", isWhole ? .null : last.map { .string($0.text) } ?? .null)])
  }

  /// `GET /api/v1/accounts/<key>`, or with `at` its claims as of a time.
  func one(_ request: Request, _ account: AccountKey) async throws -> JSONValue {
    let query = try APIQuery(request, ["at"])
    if let time = try query.time("at", now: registry.clock.milliseconds()) { return try await version(of: account, at: time) }
    guard let view = try AccountView(account, registry: registry, trust: registry.trust.current) else { throw Self.unknown(account) }
    let fleet = registry.fleet.current
    let delivery = await fleet?.delivery(of: account, since: nil, within: .zero)
    let drift = fleet?.drift().filter { $0.account == account } ?? []
    return .object(
      try view.members(now: registry.clock.seconds) + [
        .init("delivery", delivery?.json ?? .null), .init("drift", .array(drift.map(\.json))),
        .init("activity", fleet?.figures(of: account)?.json ?? .null),
      ])
  }

  /// `GET /api/v1/accounts/<key>/history`: the records of an account, newest first.
  func history(_ request: Request, _ account: AccountKey) async throws -> JSONValue {
    let query = try APIQuery(request, ["limit"])
    let limit = try query.count("limit", in: 1...10_000, standard: 100)
    let records = try await registry.history(of: account, limit: Int(limit))
    guard !records.isEmpty else { throw Self.unknown(account) }
    return .object([.init("account", .string(account.text)), .init("records", .array(records.map(\.logged.json)))])
  }

  /// `GET /api/v1/accounts/<key>/difference`: what changed from one record to another; without numbers, in the newest version.
  func difference(_ request: Request, _ account: AccountKey) async throws -> JSONValue {
    let query = try APIQuery(request, ["from", "to"])
    let from = try query.count("from", in: 1...Int64.max, standard: 0)
    let to = try query.count("to", in: 1...Int64.max, standard: 0)
    let newest = try await registry.versions(of: account, limit: 2)
    guard let last = newest.first else { throw Self.unknown(account) }
    let new = try await record(to, of: account, standard: last)
    let old = try await record(from, of: account, standard: newest.last ?? last)
    let difference = try ClaimsDifference(from: try claims(old), to: try claims(new))
    return .object([
      .init("account", .string(account.text)), .init("from", .integer(old.sequence)), .init("to", .integer(new.sequence)),
      .init("changes", try difference.changesJSON),
    ])
  }

  private func version(of account: AccountKey, at time: Int64) async throws -> JSONValue {
    guard let record = try await registry.version(of: account, at: time) else {
      throw Problem(
        .notFound, "unknown_account", "nothing was stored of \(account) at \(TimePoint.text(milliseconds: time))")
    }
    let isDeleted = record.change.kind == .delete
    return .object([
      .init("account", .string(account.text)), .init("at", .string(TimePoint.text(milliseconds: time))),
      .init("record", record.logged.json), .init("deleted", .bool(isDeleted)),
      .init("token", isDeleted ? .null : record.change.token.map { .string($0.text) } ?? .null),
      .init("claims", isDeleted || record.change.token == nil ? .null : try claims(record).json),
    ])
  }

  private func record(_ sequence: Int64, of account: AccountKey, standard: ChangeRecord) async throws -> ChangeRecord {
    guard sequence > 0 else { return standard }
    guard let record = try await registry.changes(after: sequence - 1, limit: 1).first, record.sequence == sequence,
      record.change.subject == account, record.change.kind.isVersion
    else { throw Problem(.notFound, "unknown_record", "record \(sequence) is no version of \(account): its history lists them") }
    return record
  }

  private func claims(_ record: ChangeRecord) throws -> Claims {
    guard let token = record.change.token else {
      throw Problem(.gone, "bytes_given_up", "the log has given up the bytes of record \(record.sequence), and keeps its hash")
    }
    return try DecodedToken.decode(token).claims
  }

  private static func unknown(_ account: AccountKey) -> Problem {
    Problem(.notFound, "unknown_account", "nothing was ever stored of the account \(account)")
  }
}

extension ClaimsDifference {
  /// The changes as a value.
  var changesJSON: JSONValue {
    get throws(ClaimsError) { try JSONReader().read(Array(jsonText.utf8))["changes"] ?? .array([]) }
  }
}
