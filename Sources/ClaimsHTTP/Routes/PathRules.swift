import HTTPTypes
import Hummingbird
import NIOCore

/// Answers what never reaches a route: unknown paths, methods that a path does not have, paths written differently, clients without the right.
struct PathRules: RouterMiddleware {
  let table: RouteTable
  let gate: AccessGate

  func handle(
    _ request: Request, context: ClaimsRequestContext, next: (Request, ClaimsRequestContext) async throws -> Response
  ) async throws -> Response {
    let resolution = table.resolve(request.uri.path)
    let response: Response
    if case .known(let routes) = resolution, let route = routes.first(where: { $0.method == request.method }) {
      guard let refusal = await gate.refusal(of: request, to: route.actions, context) else { return try await next(request, context) }
      response = APIRoutes.isBelow(request.uri.path) ? refusal.problem : refusal.response
    } else {
      response = answer(request, resolution)
    }
    return request.method == .head ? response.createHeadResponse() : response
  }

  private func answer(_ request: Request, _ resolution: RouteTable.Resolution) -> Response {
    let isAPI = APIRoutes.isBelow(request.uri.path)
    switch resolution {
    case .known(let routes):
      let allow = (routes.map(\.method) + [.options]).map(\.rawValue).sorted().joined(separator: ", ")
      if request.method == .options { return Response(status: .ok, headers: [.allow: allow]) }
      var response =
        isAPI
        ? Problem(.methodNotAllowed, "method_not_allowed", "this path has the methods \(allow)").response
        : Response.page(.methodNotAllowed, "Method Not Allowed\n")
      response.headers[.allow] = allow
      return response
    case .elsewhere(let path):
      return redirect(request, to: path)
    case .unknown:
      return isAPI
        ? Problem(.notFound, "not_found", "there is no such path: /api/openapi.json lists those there are").response
        : .page(.notFound, "404 page not found\n")
    }
  }

  private func redirect(_ request: Request, to path: String) -> Response {
    let location = request.uri.query.map { "\(path)?\($0)" } ?? path
    guard request.method == .get || request.method == .head else {
      return Response(status: .permanentRedirect, headers: [.location: location])
    }
    let page = "<a href=\"\(path)\">Moved Permanently</a>.\n\n"
    return Response(
      status: .movedPermanently, headers: [.location: location, .contentType: "text/html; charset=utf-8"],
      body: .init(byteBuffer: ByteBuffer(string: page)))
  }
}
