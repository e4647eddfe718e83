import Claims
import ClaimsRegistry
import ClaimsStore
import Hummingbird

/// The status of the store for programs.
struct APIStatus: Sendable {
  let registry: Registry
  let version: String

  /// `GET /api/v1/status`.
  func status(_ request: Request) throws -> JSONValue {
    _ = try APIQuery(request, [])
    let store = registry.store
    let warnings = registry.currentWarnings().map { JSONValue.Member($0.kind.rawValue, .array($0.texts.map { .string($0) })) }
    return .object([
      .init("version", .string(version)), .init("ready", .bool(!registry.operators.isEmpty)),
      .init("read_only", .bool(store.options.isReadOnly)), .init("accounts", .integer(Int64(store.index.count))),
      .init("untrusted_accounts", .integer(Int64(registry.untrusted.count))), .init("records", .integer(store.lastSequence)),
      .init("directory_lag", .integer(store.directoryLag)), .init("token_bytes", .integer(Int64(store.index.tokenBytes))),
      .init("log_problem", store.logProblem.map { .string($0) } ?? .null),
      .init("directory_problem", store.directoryProblem.map { .string($0) } ?? .null),
      .init("time", .string(TimePoint.text(milliseconds: registry.clock.milliseconds()))), .init("warnings", .object(warnings)),
    ])
  }
}
