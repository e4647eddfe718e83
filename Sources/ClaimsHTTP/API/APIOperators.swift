import Claims
import ClaimsRegistry
import ClaimsStore
import Hummingbird
import Nkeys

/// Operators for programs: their keys, and how many accounts' claims each key signed.
struct APIOperators: Sendable {
  let registry: Registry

  /// `GET /api/v1/operators`.
  func list(_ request: Request) throws -> JSONValue {
    _ = try APIQuery(request, [])
    let counts = registry.store.index.issuers
    let operators = registry.operators
    let known = Set(operators.flatMap { Self.keys(of: $0) })
    let others = counts.filter { !known.contains($0.key) }.sorted { $0.key < $1.key }
    return .object([
      .init("operators", .array(operators.map { json($0, counts) })),
      .init("other_issuers", .array(others.map { Self.json($0.key, $0.value) })),
    ])
  }

  /// `GET /api/v1/operators/<key>`.
  func one(_ request: Request, _ key: String) throws -> JSONValue {
    _ = try APIQuery(request, [])
    guard let trusted = registry.trust.current.operator(key) else {
      throw Problem(.notFound, "unknown_operator", "no trusted operator has the key \(key)")
    }
    return json(trusted, registry.store.index.issuers)
  }

  private func json(_ trusted: TrustedOperator, _ counts: [String: Int]) -> JSONValue {
    let claims = trusted.claims
    return .object([
      .init("operator", .string(trusted.key)), .init("name", .string(claims.common.name)), .init("iat", .integer(claims.common.iat)),
      .init("exp", claims.common.exp > 0 ? .integer(claims.common.exp) : .null),
      .init("strict_signing_keys", .bool(claims.strictSigningKeyUsage)),
      .init("system_account", trusted.systemAccount.map { .string($0.text) } ?? .null),
      .init("identity", Self.json(trusted.key, counts[trusted.key] ?? 0)),
      .init("signing_keys", .array(claims.signingKeys.map { Self.json($0.text, counts[$0.text] ?? 0) })),
    ])
  }

  private static func keys(of trusted: TrustedOperator) -> [String] { [trusted.key] + trusted.claims.signingKeys.map(\.text) }

  private static func json(_ key: String, _ count: Int) -> JSONValue {
    .object([.init("key", .string(key)), .init("accounts", .integer(Int64(count)))])
  }
}
