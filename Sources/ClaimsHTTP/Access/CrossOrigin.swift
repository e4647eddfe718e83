import HTTPTypes
import Hummingbird

/// Lets pages of other origins read answers, where that is configured (the Fetch standard's CORS protocol); nobody by default.
struct CrossOrigin: RouterMiddleware {
  /// The origins, such as `https://console.example`; `*` for any.
  let origins: Set<String>

  func handle(
    _ request: Request, context: ClaimsRequestContext, next: (Request, ClaimsRequestContext) async throws -> Response
  ) async throws -> Response {
    if origins.isEmpty { return try await next(request, context) }
    guard let origin = request.headers[.origin] else { return varying(try await next(request, context)) }
    let isAllowed = origins.contains("*") || origins.contains(origin)
    if request.method == .options, request.headers[.accessControlRequestMethod] != nil {
      guard isAllowed else { return Response(status: .forbidden) }
      var headers = fields(origin)
      headers[.accessControlAllowMethods] = "GET, HEAD, POST, DELETE"
      headers[.accessControlAllowHeaders] = "Authorization, Content-Type, If-None-Match"
      headers[.accessControlMaxAge] = "600"
      return Response(status: .noContent, headers: headers)
    }
    var response = varying(try await next(request, context))
    if isAllowed { response.headers.append(contentsOf: fields(origin)) }
    return response
  }

  private func fields(_ origin: String) -> HTTPFields { [.accessControlAllowOrigin: origin, .accessControlExposeHeaders: "ETag"] }

  /// A cache must not give a page the answer that another client got.
  private func varying(_ response: Response) -> Response {
    var response = response
    response.headers[.vary] = "Origin"
    return response
  }
}
