import ClaimsRegistry
import HTTPTypes
import Hummingbird

extension Refusal.Code {
  /// The one table from refusals to HTTP.
  var status: HTTPResponse.Status {
    switch self {
    // A foreign operator's token is sound: it is at odds with whose the account is, and a transfer makes it acceptable.
    case .older, .superseded, .deleted, .deleteUsed, .notDeleted, .foreignOperator: .conflict
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
  /// The answer to the client: the message, on a line of its own.
  var response: Response {
    if code == .invalidClaims { return .page(code.status, message) }
    var response = Response.text(message + "\n", status: code.status)
    if code == .readOnly { response.headers[.allow] = "GET, HEAD, OPTIONS" }
    return response
  }
}
