import ClaimsRegistry
import HTTPTypes
import Hummingbird

/// Builds the router: every route of the program, in one place.
struct Routes: Sendable {
  let accounts: AccountRoutes
  let activations: ActivationRoutes
  let service: ServiceRoutes
  let status: StatusRoutes
  let api: APIRoutes
  let access: AccessPolicy
  let scope: DoorScope

  func router() -> Router<ClaimsRequestContext> {
    let router = Router(context: ClaimsRequestContext.self, options: .autoGenerateHeadEndpoints)
    router.add(middleware: CrossOrigin(origins: access.origins))
    let gate = AccessGate(policy: access)
    router.add(middleware: PathRules(table: Self.table(scope), gate: gate))
    router.get("/jwt/v1/accounts") { _, _ in service.probe() }
    router.get("/jwt/v1/accounts/:key") { request, context in
      if scope == .lookups, request.isFlagSet("notify") {
        return Response.text("accounts are announced again at the address for administration\n", status: .forbidden)
      }
      return try accounts.get(request, context)
    }
    router.post("/jwt/v1/accounts/:key") { try await accounts.push($0, $1) }
    router.delete("/jwt/v1/accounts/:key") { try await accounts.delete($0, $1) }
    router.post("/jwt/v1/activations") { try await activations.push($0, $1) }
    router.get("/jwt/v1/activations/:hash") { try activations.get($0, $1) }
    router.get("/jwt/v1/operator") { request, _ in try service.operator(request) }
    // Where nsc asks first.
    router.get("/jwt/v2/operator") { request, _ in try service.operator(request) }
    router.get("/jwt/v1/operators/:key") { request, context in try service.operator(request, key: context.parameters.get("key")) }
    router.get("/jwt/v1/pack") { request, _ in try service.pack(request) }
    router.get("/jwt/v1/help") { _, _ in service.help() }
    api.add(to: router)
    router.get("/healthz") { _, _ in status.health() }
    router.get("/readyz") { _, _ in try status.readiness() }
    router.get("/metrics") { request, context in
      let mayList = await gate.refusal(of: request, to: [.lists], context) == nil
      return status.figures(ofAccounts: mayList)
    }
    return router
  }

  /// The paths and methods of a scope: the router has them all, what is not in the table is not reached.
  static func table(_ scope: DoorScope) -> RouteTable {
    var table = RouteTable()
    let read: [HTTPRequest.Method] = [.get, .head]
    for path in ["/jwt/v1/operator", "/jwt/v2/operator", "/jwt/v1/operators/*", "/jwt/v1/help", "/healthz", "/readyz"] {
      table.add(path, read)
    }
    for path in ["/jwt/v1/accounts", "/jwt/v1/accounts/", "/jwt/v1/accounts/*", "/jwt/v1/activations/*"] {
      table.add(path, read, [.lookups])
    }
    if scope == .everything {
      table.add("/jwt/v1/accounts/*", [.post], [.pushes])
      table.add("/jwt/v1/activations", [.post], [.pushes])
      table.add("/jwt/v1/accounts/*", [.delete], [.deletes])
      table.add("/jwt/v1/pack", read, [.packs])
      table.add("/metrics", read, [.metrics])
      APIRoutes.add(to: &table)
    }
    return table
  }
}
