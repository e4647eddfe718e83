import Claims
import ClaimsRegistry
import ClaimsStore
import HTTPTypes
import NIOCore

/// Answers account lookups, the same on the event loop and on the framework's path.
struct Lookups: Sendable {
  /// An answer: status, fields and the token's bytes (none for 304 and 404 has its line).
  struct Answer {
    let status: HTTPResponse.Status
    let fields: HTTPFields
    let body: [UInt8]
  }

  static let unknownAccount = Array("no matching account JWT\n".utf8)
  /// The longest that a cache may answer without asking us, in seconds.
  private static let longestAge: Int64 = 60

  let registry: Registry
  let metrics: HTTPMetrics
  private let date = HTTPDate()

  init(registry: Registry, metrics: HTTPMetrics) {
    self.registry = registry
    self.metrics = metrics
  }

  /// The answer to a lookup of the key with these bytes.
  func answer(utf8 key: UnsafeRawBufferPointer, request: HTTPFields) -> Answer {
    answer(registry.lookup(utf8: key), request: request)
  }

  func answer(_ entry: AccountEntry?, request: HTTPFields) -> Answer {
    let now = registry.clock.seconds
    guard let entry, let token = entry.token else {
      metrics.lookupUnknown()
      return Answer(
        status: .notFound, fields: fields(now, type: "text/plain", length: Self.unknownAccount.count), body: Self.unknownAccount)
    }
    let tag = EntityTag.text(entry.digest)
    let cache = Self.cacheControl(expires: entry.expires, now: now)
    if request.contains(.ifNoneMatch), EntityTag.isNamed(tag, in: request) {
      metrics.lookupNotModified()
      return Answer(status: .notModified, fields: [.cacheControl: cache, .eTag: tag, .date: date.text(now)], body: [])
    }
    metrics.lookupFound()
    var fields = fields(now, type: "application/jwt", length: token.bytes.count)
    fields[.cacheControl] = cache
    fields[.eTag] = tag
    return Answer(status: .ok, fields: fields, body: token.bytes)
  }

  private func fields(_ now: Int64, type: String, length: Int) -> HTTPFields {
    [.contentType: type, .contentLength: String(length), .date: date.text(now)]
  }

  /// Never negative, never past the token's end, never longer than a minute; a stale copy must be checked again.
  static func cacheControl(expires: Int64, now: Int64) -> String {
    let age = expires > 0 ? max(0, min(longestAge, expires - now)) : longestAge
    return "max-age=\(age), must-revalidate"
  }
}
