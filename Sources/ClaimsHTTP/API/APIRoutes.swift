import Claims
import ClaimsRegistry
import Hummingbird
import NIOCore

/// What programs ask, under `/api/`: JSON, and problem details for what goes wrong. `openapi.json` describes it.
struct APIRoutes: Sendable {
  let accounts: APIAccounts
  let changes: APIChanges
  let operators: APIOperators
  let status: APIStatus
  let servers: APIServers

  init(registry: Registry, largestBody: Int, version: String) {
    accounts = APIAccounts(registry: registry)
    changes = APIChanges(registry: registry, largestBody: largestBody)
    operators = APIOperators(registry: registry)
    status = APIStatus(registry: registry, version: version)
    servers = APIServers(registry: registry)
  }

  /// Whether a path is answered as programs expect it.
  static func isBelow(_ path: String) -> Bool { path.hasPrefix("/api/") }

  /// The paths, their methods and rights.
  static func add(to table: inout RouteTable) {
    table.add("/api/openapi.json", [.get, .head])
    let paths = [
      "status", "accounts", "accounts/*", "accounts/*/history", "accounts/*/difference", "accounts/*/clients", "servers", "operators",
      "operators/*",
    ]
    for path in paths {
      table.add("/api/v1/\(path)", [.get, .head], [.lists])
    }
    table.add("/api/v1/accounts/*", [.post], [.lists, .pushes])
    table.add("/api/v1/verify", [.post], [.lists])
  }

  func add(to router: Router<ClaimsRequestContext>) {
    router.get("/api/openapi.json") { _, _ in
      Response.bytes(ByteBuffer(bytes: PackageResources.openapi_json), type: "application/json")
    }
    router.get("/api/v1/status") { request, _ in await answer { try status.status(request) } }
    router.get("/api/v1/accounts") { request, _ in await answer { try accounts.list(request) } }
    router.get("/api/v1/accounts/:key") { request, context in
      await answer { try await accounts.one(request, try context.account) }
    }
    router.get("/api/v1/accounts/:key/history") { request, context in
      await answer { try await accounts.history(request, try context.account) }
    }
    router.get("/api/v1/accounts/:key/difference") { request, context in
      await answer { try await accounts.difference(request, try context.account) }
    }
    router.post("/api/v1/accounts/:key") { request, context in
      await answer { try await changes.push(request, context, try context.account) }
    }
    router.get("/api/v1/accounts/:key/clients") { request, context in
      await answer { try await servers.clients(request, try context.account) }
    }
    router.get("/api/v1/servers") { request, _ in await answer { try servers.list(request) } }
    router.get("/api/v1/operators") { request, _ in await answer { try operators.list(request) } }
    router.get("/api/v1/operators/:key") { request, context in
      await answer { try operators.one(request, context.parameters.get("key") ?? "") }
    }
    router.post("/api/v1/verify") { request, _ in await answer { try await changes.verify(request) } }
  }

  private func answer(_ body: () async throws -> JSONValue) async -> Response {
    do {
      return .json(try await body())
    } catch let problem as Problem {
      return problem.response
    } catch let refusal as Refusal {
      return Problem(refusal).response
    } catch {
      return Problem(.internalServerError, "unreadable", "what is stored cannot be read: \(error)").response
    }
  }
}
