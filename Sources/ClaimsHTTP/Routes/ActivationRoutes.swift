import Claims
import ClaimsRegistry
import ClaimsStore
import Hummingbird
import NIOCore

/// Activations: stored by whoever grants them, fetched by whoever imports.
struct ActivationRoutes: Sendable {
  let registry: Registry
  let lookups: Lookups
  let largestBody: Int

  /// `POST /jwt/v1/activations`: the body is the token.
  func push(_ request: Request, _ context: ClaimsRequestContext) async throws -> Response {
    do {
      let token = try await request.token(largest: largestBody)
      try await registry.pushActivation(token, by: .http(address: context.address))
      return Response(status: .ok)
    } catch let refusal as Refusal {
      return refusal.response
    }
  }

  /// `GET /jwt/v1/activations/<hash>`, with `text` and `decode`; the hash is padded or not.
  func get(_ request: Request, _ context: ClaimsRequestContext) throws -> Response {
    do {
      let hash = context.parameters.get("hash").flatMap { ActivationHash($0.withPlainPadding) }
      guard let change = try hash.flatMap({ try registry.activation($0) }), let token = change.token else {
        if lookups.isOneTooMany(context.countedAddress, now: lookups.now) { return LookupAnswer.tooMany.response }
        return .text("no matching activation JWT\n", status: .notFound)
      }
      if request.isFlagSet("text") { return .bytes(ByteBuffer(bytes: token.bytes), type: "text/plain") }
      if request.isFlagSet("decode") { return .text(try DecodedView.describe(token)) }
      return answer(token, change.digest, expires: change.expires, request).response
    } catch let refusal as Refusal {
      return refusal.response
    }
  }

  private func answer(_ token: Token, _ digest: TokenDigest, expires: Int64, _ request: Request) -> LookupAnswer {
    let age = LookupAnswer.age(expires: expires, now: registry.clock.seconds)
    let isKnown = EntityTag.isNamed(EntityTag.text(digest), in: request.headers[values: .ifNoneMatch])
    return isKnown ? .notModified(digest, age: age) : .found(token, digest, age: age)
  }
}
