import HTTPTypes
import Hummingbird
import NIOCore

/// Lets requests through whose clients show what they must, and says to others what is missing, before their bodies are read.
struct AccessGate: RouterMiddleware {
  let policy: AccessPolicy

  func handle(
    _ request: Request, context: ClaimsRequestContext, next: (Request, ClaimsRequestContext) async throws -> Response
  ) async throws -> Response {
    let actions = Self.actions(of: request).filter { policy.requirement(of: $0) != .open }
    if actions.isEmpty { return try await next(request, context) }
    let token = Self.bearerToken(of: request)
    let hasCertificate = await context.hasCertificate
    for action in actions {
      switch policy.decide(action, token: token, hasCertificate: hasCertificate) {
      case .allowed: continue
      case .missing(let requirement): return Self.refusal(action, requirement, isHead: request.method == .head)
      case .wrongToken: return Self.wrongToken(isHead: request.method == .head)
      }
    }
    return try await next(request, context)
  }

  /// What a request does. A lookup that has its account announced again does what a push does.
  static func actions(of request: Request) -> [AccessAction] {
    let path = request.uri.path
    if path == "/metrics" { return [.metrics] }
    if path == "/jwt/v1/pack" { return [.packs] }
    guard path.hasPrefix("/jwt/v1/accounts/") || path == "/jwt/v1/accounts" else { return [] }
    switch request.method {
    case .post: return [.pushes]
    case .delete: return [.deletes]
    default: return request.isFlagSet("notify") ? [.lookups, .pushes] : [.lookups]
    }
  }

  /// The token of `Authorization: Bearer TOKEN`; the scheme is in any case (RFC 9110, 11.1).
  static func bearerToken(of request: Request) -> Substring? {
    guard let value = request.headers[.authorization] else { return nil }
    let parts = value.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
    return parts[1].drop { $0 == " " }
  }

  private static func refusal(_ action: AccessAction, _ requirement: AccessRequirement, isHead: Bool) -> Response {
    let what =
      switch requirement {
      case .open, .token: "a bearer token (Authorization: Bearer TOKEN)"
      case .certificate: "a client certificate"
      case .either: "a bearer token (Authorization: Bearer TOKEN) or a client certificate"
      }
    let text = "\(action.rawValue) need \(what)\n"
    if requirement == .certificate { return answer(.forbidden, text, isHead: isHead) }
    return answer(.unauthorized, text, challenge: "Bearer realm=\"nats-claims\"", isHead: isHead)
  }

  private static func wrongToken(isHead: Bool) -> Response {
    answer(
      .unauthorized, "the bearer token is not known here\n", challenge: "Bearer realm=\"nats-claims\", error=\"invalid_token\"",
      isHead: isHead)
  }

  private static func answer(_ status: HTTPResponse.Status, _ text: String, challenge: String? = nil, isHead: Bool) -> Response {
    var response = Response.text(text, status: status)
    if let challenge { response.headers[.wwwAuthenticate] = challenge }
    return isHead ? response.createHeadResponse() : response
  }
}
