import Claims
import ClaimsRegistry
import ClaimsStore
import Hummingbird

/// Tokens that programs bring: to be stored, to be tried, to be judged.
struct APIChanges: Sendable {
  let registry: Registry
  let largestBody: Int

  /// `POST /api/v1/accounts/<key>`: stores a token, or with `dry_run=true` says what a push would do.
  func push(_ request: Request, _ context: ClaimsRequestContext, _ account: AccountKey) async throws -> JSONValue {
    let query = try APIQuery(request, ["dry_run", "wait"])
    let isDryRun = try query.flag("dry_run")
    let wait = try query.wait("wait")
    let token = try await token(request)
    if isDryRun { return try await rehearse(token, account) }
    let (verdict, timeline) = try await registry.timedPush(token, expected: account, by: .http(address: context.address))
    let delivery = await DeliveredPush(account, verdict, timeline, within: wait ?? .zero, registry: registry)
    return delivery.json
  }

  private func token(_ request: Request) async throws -> Token {
    let token = try await request.token(largest: largestBody)
    guard !token.bytes.isEmpty else { throw Problem(.badRequest, "empty_body", "the body is empty: it must be the token") }
    return token
  }

  private func rehearse(_ token: Token, _ account: AccountKey) async throws -> JSONValue {
    let stored = try registry.current(account)?.token
    let outcome = await registry.rehearse(token, expected: account)
    var difference: ClaimsDifference?
    if let new = outcome.claims, let stored { difference = try ClaimsDifference(from: DecodedToken.decode(stored).claims, to: new) }
    return .object([
      .init("result", .string(outcome.result)), .init("problem", outcome.refusal.map { Problem($0).json } ?? .null),
      .init("changes", try difference?.changesJSON ?? .null),
      .init("impact", try await impact(of: outcome.claims, on: account, after: stored)?.json ?? .null),
    ])
  }

  /// What new claims would do to the clients that are connected now; nil when no nats-server can be asked.
  private func impact(of claims: Claims?, on account: AccountKey, after stored: Token?) async throws -> BlastRadius? {
    guard case .account(let new)? = claims, let clients = await registry.fleet.current?.clients(of: account) else { return nil }
    var old: AccountClaims?
    if let stored, case .account(let claims) = try DecodedToken.decode(stored).claims { old = claims }
    return BlastRadius(from: old, to: new, connected: clients)
  }

  /// `POST /api/v1/verify`: judges a token, and stores nothing.
  func verify(_ request: Request) async throws -> JSONValue {
    _ = try APIQuery(request, [])
    let token = try await token(request).withoutTrailingLineFeed
    let judgement = TokenJudgement(token, trusted: registry.operators, now: registry.clock.seconds)
    return try JSONReader().read(Array(judgement.json.utf8))
  }
}
