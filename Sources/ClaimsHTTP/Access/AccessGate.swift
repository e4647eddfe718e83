import HTTPTypes
import Hummingbird
import NIOCore

/// Says to clients what they must show, before the bodies of their requests are read.
struct AccessGate: Sendable {
  let policy: AccessPolicy

  /// Why a request may not do what its route does; nil when it may. A lookup that has its account announced again does what a push does.
  func refusal(of request: Request, to action: AccessAction?, _ context: ClaimsRequestContext) async -> Response? {
    guard let action else { return nil }
    let actions = action == .lookups && request.isFlagSet("notify") ? [action, .pushes] : [action]
    let guarded = actions.filter { policy.requirement(of: $0) != .open }
    if guarded.isEmpty { return nil }
    let token = Self.bearerToken(of: request)
    let hasCertificate = await context.hasCertificate
    for action in guarded {
      switch policy.decide(action, token: token, hasCertificate: hasCertificate) {
      case .allowed: continue
      case .missing(let requirement): return Self.refusal(action, requirement)
      case .wrongToken: return Self.wrongToken
      }
    }
    return nil
  }

  /// The token of `Authorization: Bearer TOKEN`; the scheme is in any case (RFC 9110, 11.1).
  static func bearerToken(of request: Request) -> Substring? {
    guard let value = request.headers[.authorization] else { return nil }
    let parts = value.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
    return parts[1].drop { $0 == " " }
  }

  private static func refusal(_ action: AccessAction, _ requirement: AccessRequirement) -> Response {
    let what =
      switch requirement {
      case .open, .token: "a bearer token (Authorization: Bearer TOKEN)"
      case .certificate: "a client certificate"
      case .either: "a bearer token (Authorization: Bearer TOKEN) or a client certificate"
      }
    let text = "\(action.rawValue) need \(what)\n"
    if requirement == .certificate { return .text(text, status: .forbidden) }
    return unauthorized(text, challenge: "Bearer realm=\"nats-claims\"")
  }

  private static var wrongToken: Response {
    unauthorized("the bearer token is not known here\n", challenge: "Bearer realm=\"nats-claims\", error=\"invalid_token\"")
  }

  private static func unauthorized(_ text: String, challenge: String) -> Response {
    var response = Response.text(text, status: .unauthorized)
    response.headers[.wwwAuthenticate] = challenge
    return response
  }
}
