import Claims
import ClaimsRegistry
import ClaimsStore
import ClaimsTestSupport
import Foundation
import Nkeys

/// Sends the captured requests to a server of ours, with tokens and keys of the test's own in place of those that were captured.
struct GoldenReplay: Sendable {
  private static let account = "AD52CMZILOWBTA3JLYFUVY4RSC5O3BOPQTGHEJIRPRAXK4MEZTZYT5Q6"
  private static let other = "ACBLYDN7GZ64T7DFFZ7L76JYW4JF2RW2TDAGYPNYUZ4BUOVOLFI3WKCR"
  private static let expired = "ABWWWHPYERRSY2UTIDCXIIMYABXFWUPW2RBY5EDJINWJDRGBVZLXNHS7"
  private static let operatorKey = "OA6WWLT5BRQUC26SEFPTKS57W5UFQCIFAB26WYYQZ3NA3ZA33XSZ5P5M"

  let server: LiveServer
  private let pair: KeyPair
  private let keys: [String: AccountKey]
  private let bodies: [String: String]

  init(_ server: LiveServer) throws {
    self.server = server
    pair = try KeyPair.generate(.account)
    let account = try AccountKey(pair.publicKey)
    let (other, expired) = (try TestAuthority.account(), try KeyPair.generate(.account))
    keys = [Self.account: account, Self.other: other, Self.expired: try AccountKey(expired.publicKey)]
    bodies = try Self.bodies(server.authority, pair, other: other, expired: expired)
  }

  /// What was sent, by its words.
  private static func bodies(_ authority: TestAuthority, _ pair: KeyPair, other: AccountKey, expired: KeyPair) throws -> [String: String] {
    let now = TestTime.seconds
    let (account, third) = (try AccountKey(pair.publicKey), try AccountKey(expired.publicKey))
    let token = try authority.account(account, name: "A", iat: now - 100, signer: authority.identity).text
    let exported: (Int64?, [(String, ExportKind)]) throws -> String = { limit, exports in
      try authority.account(third, name: "EXPD") { (claims: inout AccountClaims) in
        claims.exports = exports.map { subject, kind in
          var export = Export()
          export.subject = Subject(subject)
          export.type = kind
          if kind == .service { export.responseType = ResponseType(rawValue: "Bogus") }
          return export
        }
        if let limit { claims.limits.exports = Limit(limit) }
      }.text
    }
    let imported: (AccountKey, String) throws -> String = { from, activation in
      try authority.account(other, name: "B", iat: now + 1) { (claims: inout AccountClaims) in
        var entry = Import()
        entry.name = "priv"
        entry.account = KeyReference(from.publicKey)
        entry.subject = "priv.>"
        entry.type = .stream
        entry.token = activation
        claims.imports = [entry]
      }.text
    }
    var damaged = Array(token)
    damaged[damaged.count - 8] = damaged[damaged.count - 8] == "A" ? "B" : "A"
    var user = UserClaims(subject: KeyReference(try KeyPair.generate(.user).publicKey))
    user.common.name = "ua"
    return [
      "A.jwt": token, "A.jwt + LF": token + "\n", "A.jwt to B url": token, "A.jwt, one signature char changed": String(damaged),
      "decorated A.jwt": "-----BEGIN NATS ACCOUNT JWT-----\n\(token)\n------END NATS ACCOUNT JWT------\n",
      "B with exp": try authority.account(other, name: "B") { $0.common.exp = now + 86_400 }.text,
      "EXPD, exp one hour ago": try authority.account(third) { $0.common.exp = now - 3600 }.text,
      "EXPD, nbf future": try authority.account(third) { $0.common.nbf = now + 3600 }.text,
      "signed by another operator": try TestAuthority().account(third).text,
      "iss==sub": try authority.account(third, signer: expired).text,
      "iss = account A": try authority.account(third, signer: pair).text,
      "garbage": "this is no token\n", "aaa.bbb.ccc": "aaa.bbb.ccc", "user ua.jwt": try user.signed(by: pair, at: now).text,
      "OP.jwt": authority.token.text, "b''": "",
      "overlapping exports, bad subject": try exported(
        nil, [("foo.>", .stream), ("foo.*", .stream), ("bad subj ect", .service)]),
      "1 export, limit 0": try exported(0, [("foo", .stream)]),
      "10 MiB of \"A\"": String(repeating: "A", count: 10 << 20),
      "valid JWT with a 3 MiB description": try authority.account(third) { $0.description = String(repeating: "d", count: 3 << 20) }.text,
      "valid JWT with 350000 tags": try authority.account(third) { $0.tags = (0..<350_000).map { "tag\($0)" } }.text,
      "A, iat now": try authority.account(account, name: "A newer", iat: now - 50).text,
      "A, iat now-1000": try authority.account(account, name: "A older", iat: now - 1000).text,
      "v1 JWT: eyJ0eXAiOiJKV1QiLCJhbGciOiJlZDI1NTE5In0....":
        try authority.version1(third, name: "EXPD", header: "{\"typ\":\"JWT\",\"alg\":\"ed25519\"}").text,
      "valid activation JWT": try TestExporter().activation(for: other).text,
      "B with an import token URL": try imported(account, "http://127.0.0.1:1/jwt/v1/activations/HASH"),
      "B importing from B": try imported(other, ""),
    ]
  }

  /// Puts the expired token in place that lay in the peer's directory.
  func adoptExpired() async throws {
    guard let key = keys[Self.expired], let text = bodies["EXPD, exp one hour ago"] else { return }
    let token = Token(text)
    let common = try DecodedToken.decode(token).claims.common
    let change = Change(
      time: TestTime.seconds * 1000, kind: .adopt, subject: key, token: token, digest: token.digest, jti: common.jti, iat: common.iat,
      generation: 0, expires: common.exp, issuer: common.iss.text, actor: "test")
    _ = try await server.registry.store.submit(Proposal(subject: key) { _, _ in .append(change) })
  }

  /// Sends a request as it was captured, and gives what comes back.
  func send(_ exchange: GoldenExchange) async throws -> GoldenAnswer? {
    let account = account(of: exchange)
    let tag = try account.flatMap { try server.registry.current($0) }.map { "\"\($0.digest.hex)\"" }
    var lines = ["\(exchange.method) \(own(exchange.path)) HTTP/1.1", "Host: 127.0.0.1", "Connection: close"]
    for (name, value) in exchange.fields { lines.append("\(name): \(tag.map { Self.withTag($0, value) } ?? value)") }
    let body = try exchange.body.map { words in
      guard let body = bodies[words] else { throw UnknownBody(words: words) }
      return body
    }
    if let body { lines.append("Content-Length: \(body.utf8.count)") }
    let request = lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? "")
    let received = try await RawConnection.open(server.port) { connection in
      // A server that has heard enough closes before all is sent.
      try? await connection.send(request)
      return await connection.receiveAll()
    }
    return GoldenAnswer(received: received)
  }

  /// What the peer would answer here: its texts with our keys, and our tokens where it sent its own.
  func expectedBody(_ exchange: GoldenExchange, _ text: String) throws -> String {
    let token = try account(of: exchange).flatMap { try server.registry.current($0)?.token } ?? server.authority.token
    if text.contains("|eyJ") { return try pack(exchange) }
    if text.hasPrefix("eyJ") { return token.text }
    if text.hasPrefix("{\n") { return try DecodedView.describe(token) }
    return own(text)
  }

  private func pack(_ exchange: GoldenExchange) throws -> String {
    let limit = exchange.path.hasSuffix("max=1") ? 1 : .max
    return try server.registry.accounts().prefix(limit)
      .compactMap { key in try server.registry.current(key)?.token.map { "\(key)|\($0.text)" } }.joined(separator: "\n")
  }

  private func account(of exchange: GoldenExchange) -> AccountKey? {
    keys.first { exchange.path.contains($0.key) }?.value
  }

  private func own(_ text: String) -> String {
    let text = text.replacing(Self.operatorKey, with: server.authority.identity.publicKey.text)
    return keys.reduce(text) { $0.replacing($1.key, with: $1.value.text) }
  }

  /// The peer's tags are identifiers of tokens, which are as long as no other text between quotes.
  private static func withTag(_ tag: String, _ value: String) -> String {
    let plain = tag.replacing("\"", with: "")
    return value.replacing(/[A-Z2-7]{52}/, with: plain)
  }

  struct UnknownBody: Error { let words: String }
}
