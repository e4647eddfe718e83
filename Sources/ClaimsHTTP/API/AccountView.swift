import Claims
import ClaimsRegistry
import ClaimsStore
import Nkeys

/// What there is to say of an account.
struct AccountView: Sendable {
  let account: AccountKey
  let entry: AccountEntry
  let status: AccountStatus
  let claims: AccountClaims?
  private let verified: VerifiedClaims?
  private let owner: String
  private let issuer: String

  /// Reads an account; nil when nothing was ever stored of it.
  ///
  /// - Throws: ``Refusal`` `unavailable` when its token cannot be read from the log, `ClaimsError` when it is none.
  init?(_ account: AccountKey, registry: Registry, trust: Trust) throws {
    guard let bare = registry.store.index.bareEntry(of: account.raw) else { return nil }
    let entry = try registry.current(account) ?? bare
    self.account = account
    self.entry = entry
    status = AccountStatus(entry, registry: registry, trust: trust)
    owner = registry.store.index.text(of: entry.owner)
    issuer = registry.store.index.text(of: entry.issuer)
    // Whatever is served was verified when it came.
    verified = try entry.token.map { try VerifiedClaims.decode($0) }
    claims = verified?.account
  }

  /// The members of a line of a list.
  var summary: [JSONValue.Member] {
    let common = claims?.common ?? CommonClaims()
    return [
      .init("account", .string(account.text)), .init("name", .string(common.name)), .init("status", .string(status.rawValue)),
      .init("issuer", .string(issuer)), .init("operator", .string(owner)), .init("iat", .integer(common.iat)),
      .init("exp", entry.expires > 0 ? .integer(entry.expires) : .null), .init("jti", .string(common.jti)),
      .init("tags", .array((claims?.tags ?? []).map { .string($0) })), .init("bytes", .integer(Int64(entry.size))),
      .init("digest", .string(entry.digest.hex)), .init("sequence", .integer(entry.sequence)),
      .init("kind", .string(entry.kind.name)), .init("accepted", .string(TimePoint.text(milliseconds: entry.time))),
    ]
  }

  /// All that is known, at `now` in seconds since 1970.
  func members(now: Int64) throws -> [JSONValue.Member] {
    let issues = verified?.claims.issues(at: now) ?? []
    // After a deletion a token must be newer than it; of one second, the later one wins.
    let from = entry.isDeleted && entry.iat < .max ? entry.iat + 1 : entry.iat
    return summary + [
      .init("claims", try verified?.claims.json ?? .null),
      .init("issues", .array(issues.map(\.json))),
      .init("strictness", .array((verified?.strictness ?? []).map { .string($0.description) })),
      .init(
        "freshness",
        .object([
          .init("mark", .integer(entry.iat)), .init("generation", .integer(entry.generation)), .init("accepted_from", .integer(from)),
        ])),
    ]
  }
}

extension Claims {
  /// The claims as they stand in the reference's layout.
  var json: JSONValue { get throws(ClaimsError) { try JSONReader().read(Array(jsonText().utf8)) } }
}

extension ValidationIssue {
  /// The issue for programs.
  var json: JSONValue {
    .object([
      .init("level", .string(level.rawValue)), .init("blocking", .bool(blocking)), .init("description", .string(description)),
    ])
  }
}
