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
      guard let refusal = await gate.refusal(of: request, to: route.action, context) else { return try await next(request, context) }
      response = refusal
    } else {
      response = answer(request, resolution)
    }
    return request.method == .head ? response.createHeadResponse() : response
  }

  private func answer(_ request: Request, _ resolution: RouteTable.Resolution) -> Response {
    switch resolution {
    case .known(let routes):
      let allow = (routes.map(\.method) + [.options]).map(\.rawValue).sorted().joined(separator: ", ")
      if request.method == .options { return Response(status: .ok, headers: [.allow: allow]) }
      var response = Response.page(.methodNotAllowed, "Method Not Allowed\n")
      response.headers[.allow] = allow
      return response
    case .elsewhere(let path):
      return redirect(request, to: path)
    case .unknown:
      return .page(.notFound, "404 page not found\n")
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
