import ClaimsRegistry
import HTTPTypes
import Hummingbird
import NIOCore

extension Refusal.Code {
  /// The one table from refusals to HTTP.
  var status: HTTPResponse.Status {
    switch self {
    // A foreign operator's token is sound: it is at odds with whose the account is, and a transfer makes it acceptable.
    case .older, .superseded, .deleted, .deleteUsed, .notDeleted, .foreignOperator: .conflict
    case .pending: .accepted
    case .readOnly: .methodNotAllowed
    case .unknownAccount: .notFound
    case .tooLarge: .contentTooLarge
    case .diskFull: .init(code: 507, reasonPhrase: "Insufficient Storage")
    case .unavailable: .serviceUnavailable
    default: .badRequest
    }
  }
}

extension Refusal {
  /// The body for the client: the message, on a line of its own.
  var text: String { code == .invalidClaims ? message : message + "\n" }

  /// The fields that tell what the body is; a list of issues is marked as the peer marks it.
  var fields: HTTPFields {
    if code == .readOnly { return [.contentType: "text/plain", .allow: "GET, HEAD, OPTIONS"] }
    guard code == .invalidClaims else { return [.contentType: "text/plain"] }
    return [.contentType: "text/plain; charset=utf-8", .xContentTypeOptions: "nosniff"]
  }

  /// The answer to the client.
  var response: Response {
    Response(status: code.status, headers: fields, body: .init(byteBuffer: ByteBuffer(string: text)))
  }
}
