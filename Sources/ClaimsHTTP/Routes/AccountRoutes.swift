import Claims
import ClaimsRegistry
import ClaimsStore
import HTTPTypes
import Hummingbird
import NIOCore

/// Lookups with parameters, pushes and deletions of one account.
struct AccountRoutes: Sendable {
  let registry: Registry
  let lookups: Lookups
  let largestBody: Int
  /// How long the answer to a push waits for the nats-servers, to say who holds it; zero for not at all.
  var reportsDelivery = Duration.zero

  /// `GET /jwt/v1/accounts/<key>`, with `text`, `decode`, `check` and `notify`.
  func get(_ request: Request, _ context: ClaimsRequestContext) throws -> Response {
    do {
      return try answer(request, context)
    } catch let refusal as Refusal {
      return refusal.response
    }
  }

  private func answer(_ request: Request, _ context: ClaimsRequestContext) throws -> Response {
    let account = context.parameters.get("key").flatMap { try? AccountKey($0) }
    let entry = try account.flatMap { try registry.current($0) }
    if let jti = request.uri.queryParameters["jti"], !jti.isEmpty {
      return .text("lookup by jti is no longer supported\n", status: .notImplemented)
    }
    guard let account, let entry, let token = entry.token else { return answer(nil, request, context) }
    if request.isFlagSet("text") { return .bytes(ByteBuffer(bytes: token.bytes), type: "text/plain") }
    if request.isFlagSet("decode") { return .text(try DecodedView.describe(token)) }
    if request.isFlagSet("check"), entry.isExpired(at: registry.clock.seconds) { return Response(status: .notFound) }
    if request.isFlagSet("notify") { registry.renotices.request(account) }
    return answer(entry, request, context)
  }

  private func answer(_ entry: AccountEntry?, _ request: Request, _ context: ClaimsRequestContext) -> Response {
    lookups.answer(entry, knownTags: request.headers[values: .ifNoneMatch], now: lookups.now, address: context.countedAddress).response
  }

  /// `POST /jwt/v1/accounts/<key>`: the body is the token.
  func push(_ request: Request, _ context: ClaimsRequestContext) async throws -> Response {
    do {
      let account = try context.account
      try refuseDryRun(request)
      let wait = try deliveryWait(request)
      let token = try await request.token(largest: largestBody)
      let (verdict, timeline) = try await registry.timedPush(token, expected: account, by: .http(address: context.address))
      if request.isFlagSet("notify") { registry.renotices.request(account) }
      guard let wait else { return Response(status: .ok) }
      let delivery = await DeliveredPush(account, verdict, timeline, within: wait, registry: registry)
      return request.wantsJSON ? .json(delivery.json) : .text(delivery.text + "\n")
    } catch let refusal as Refusal {
      return refusal.response
    }
  }

  /// This door is open to strangers, who are not told which clients are connected; and whoever asks for a trial must not change anything.
  private func refuseDryRun(_ request: Request) throws(Refusal) {
    guard let value = request.uri.queryParameters["dry_run"], value.lowercased() != "false" else { return }
    throw Refusal(
      .badToken,
      "nothing was changed: a dry run is asked for at POST /api/v1/accounts/<key>?dry_run=true, or by nats-claims push --dry-run or "
        + "delete --dry-run")
  }

  /// How long the answer to a push waits for the nats-servers: as the request says, else as it is set; nil for not at all.
  private func deliveryWait(_ request: Request) throws(Refusal) -> Duration? {
    guard let text = request.uri.queryParameters["wait"] else { return reportsDelivery > .zero ? reportsDelivery : nil }
    guard let wait = WaitSpan(String(text)) else { throw Refusal(.badToken, "the parameter wait \(WaitSpan.expectation)") }
    return wait.duration
  }

  /// `DELETE /jwt/v1/accounts/<key>`: the body is a delete claim that names the account, and on a second line, if wanted, closing claims.
  func delete(_ request: Request, _ context: ClaimsRequestContext) async throws -> Response {
    do {
      let account = try context.account
      try refuseDryRun(request)
      let lines = try await request.token(largest: largestBody).bytes.split(
        separator: UInt8(ascii: "\n"), maxSplits: 1, omittingEmptySubsequences: false)
      let closing = lines.count > 1 && !lines[1].isEmpty ? Token(Array(lines[1])).withoutTrailingLineFeed : nil
      let deletions = try await registry.delete(
        Token(Array(lines[0])), closing: closing, only: account, by: .http(address: context.address))
      return .text(await DeletionAnswer(registry: registry).text(deletions))
    } catch let refusal as Refusal {
      return refusal.response
    }
  }
}
