import HTTPTypes
import Hummingbird

/// Says to clients what they must show, before the bodies of their requests are read.
struct AccessGate: Sendable {
  let policy: AccessPolicy

  /// Why a request may not do what its route does; nil when it may. A lookup that has its account announced again does what a push does.
  func refusal(of request: Request, to actions: [AccessAction], _ context: ClaimsRequestContext) async -> AccessRefusal? {
    let actions = actions == [.lookups] && request.isFlagSet("notify") ? [.lookups, .pushes] : actions
    let guarded = actions.filter { policy.requirement(of: $0) != .open }
    if guarded.isEmpty { return nil }
    let token = Self.bearerToken(of: request)
    let hasCertificate = await context.hasCertificate
    let isLocal = context.isFromLoopback && request.isForThisMachine
    for action in guarded {
      switch policy.decide(action, token: token, hasCertificate: hasCertificate, isLocal: isLocal) {
      case .allowed: continue
      case .missing(let requirement): return AccessRefusal(action, requirement)
      case .wrongToken: return .wrongToken
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
}
