import Claims
import ClaimsRegistry
import ClaimsStore
import HTTPTypes
import Hummingbird
import NIOCore

/// The operator's token, the resolver's probe, the pack and the help page.
struct ServiceRoutes: Sendable {
  let registry: Registry
  /// The most accounts that a pack may be asked for; a negative number asks for all.
  let largestPack: Int

  /// `GET /jwt/v1/operator`, with `text` and `decode`.
  func `operator`(_ request: Request) throws -> Response {
    guard let trusted = registry.operators.first else { return .page(.notFound, "404 page not found\n") }
    return try answer(trusted, request)
  }

  /// `GET /jwt/v1/operators/<key>`: any trusted operator, by its identity key.
  func `operator`(_ request: Request, key: String?) throws -> Response {
    guard let trusted = key.flatMap({ registry.trust.current.operator($0) }) else {
      return .page(.notFound, "no trusted operator has this key\n")
    }
    return try answer(trusted, request)
  }

  private func answer(_ trusted: TrustedOperator, _ request: Request) throws -> Response {
    let bytes = ByteBuffer(bytes: trusted.token.bytes)
    if request.isFlagSet("text") { return .bytes(bytes, type: "text/plain") }
    if request.isFlagSet("decode") { return .text(try DecodedView.describe(trusted.token)) }
    return .bytes(bytes, type: "application/jwt")
  }

  /// `GET /jwt/v1/accounts/` without a key: a nats-server's question whether anyone is there.
  func probe() -> Response {
    var headers: HTTPFields = [.cacheControl: "no-cache, no-store, must-revalidate", .expires: "0"]
    if let pragma = HTTPField.Name("Pragma") { headers[pragma] = "no-cache" }
    return Response(status: .ok, headers: headers)
  }

  /// `GET /jwt/v1/pack?max=`: lines of key and token, sorted by key.
  func pack(_ request: Request) throws -> Response {
    let text = request.uri.queryParameters["max"].map(String.init) ?? ""
    guard let maximum = text.isEmpty ? largestPack : Int(text) else {
      return .text("bad max parameter \"\(Self.shown(text))\"\n", status: .badRequest)
    }
    guard maximum <= largestPack else {
      return .text("bad max parameter \"\(Self.shown(text))\", no more than \(largestPack) are allowed\n", status: .badRequest)
    }
    var pack = PackText()
    for account in maximum < 0 ? registry.accounts()[...] : registry.accounts().prefix(maximum) {
      guard let token = try registry.current(account)?.token else { continue }
      pack.append(account, token)
    }
    return .bytes(ByteBuffer(bytes: pack.bytes), type: "text/plain")
  }

  /// `GET /jwt/v1/help`.
  func help() -> Response { .text(HelpPage.text) }

  private static func shown(_ text: String) -> String { String(text.prefix(64)) }
}
