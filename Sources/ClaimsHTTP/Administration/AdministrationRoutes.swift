import Claims
import ClaimsRegistry
import ClaimsStore
import HTTPTypes
import Hummingbird

/// What can be done at the administration door.
struct AdministrationRoutes: Sendable {
  let registry: Registry
  let largestBody: Int

  func router() -> Router<ClaimsRequestContext> {
    let router = Router(context: ClaimsRequestContext.self)
    router.post("/api/v1/accounts/:key/accept-older") { try await acceptOlder($0, $1) }
    router.post("/api/v1/accounts/:key/undelete") { try await undelete($0, $1) }
    router.post("/api/v1/accounts/:key/transfer") { try await transfer($0, $1) }
    return router
  }

  /// `POST /api/v1/accounts/<key>/accept-older`: the body is the token.
  private func acceptOlder(_ request: Request, _ context: ClaimsRequestContext) async throws -> Response {
    try await answer(context) { account in
      let token = try await request.token(largest: largestBody)
      switch try await registry.acceptOlder(token, expected: account, by: .administration) {
      case .committed(let record): return "accepted: \(account), record \(record.sequence), kind \(record.change.kind.name)"
      case .unchanged: return "unchanged: these claims of \(account) are stored already"
      }
    }
  }

  /// `POST /api/v1/accounts/<key>/undelete`.
  private func undelete(_ request: Request, _ context: ClaimsRequestContext) async throws -> Response {
    try await answer(context) { account in
      _ = try await registry.undelete(account, by: .administration)
      return "undeleted \(account)"
    }
  }

  /// `POST /api/v1/accounts/<key>/transfer?operator=<key>`.
  private func transfer(_ request: Request, _ context: ClaimsRequestContext) async throws -> Response {
    try await answer(context) { account in
      let operatorKey = request.uri.queryParameters["operator"].map(String.init) ?? ""
      try await registry.transfer(account, to: operatorKey, by: .administration)
      return "transferred \(account) to \(operatorKey)"
    }
  }

  private func answer(_ context: ClaimsRequestContext, _ body: (AccountKey) async throws -> String) async throws -> Response {
    do {
      return .text(try await body(try context.account) + "\n")
    } catch let refusal as Refusal {
      return refusal.response
    }
  }
}
