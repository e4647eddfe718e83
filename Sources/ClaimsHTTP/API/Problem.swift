import Claims
import ClaimsRegistry
import HTTPTypes
import Hummingbird
import NIOCore

/// What was wrong with a request, for programs: problem details (RFC 9457).
struct Problem: Error, Sendable {
  let status: HTTPResponse.Status
  /// The kind of problem, which does not change.
  let code: String
  /// What was wrong this time, and what to do.
  let detail: String

  init(_ status: HTTPResponse.Status, _ code: String, _ detail: String) {
    self.status = status
    self.code = code
    self.detail = PlainText.line(detail, limit: 2000)
  }

  init(_ refusal: Refusal) {
    self.init(refusal.code.status, refusal.code.name, refusal.message)
  }

  /// A parameter that is none.
  static func badParameter(_ name: String, _ detail: String) -> Problem {
    Problem(.badRequest, "bad_parameter", "the parameter \(name) \(detail)")
  }

  /// The members, `type` first.
  var json: JSONValue {
    .object([
      .init("type", .string("urn:nats-claims:problem:\(code)")), .init("title", .string(code.replacing("_", with: " "))),
      .init("status", .integer(Int64(status.code))), .init("detail", .string(detail)),
    ])
  }

  var response: Response { .json(json, status: status, type: "application/problem+json") }
}

extension Response {
  /// An answer of JSON, which no cache keeps.
  static func json(_ value: JSONValue, status: HTTPResponse.Status = .ok, type: String = "application/json") -> Response {
    var response = Response.bytes(ByteBuffer(string: value.jsonText + "\n"), type: type, status: status)
    response.headers[.cacheControl] = "no-store"
    return response
  }
}
