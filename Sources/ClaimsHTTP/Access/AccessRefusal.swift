import HTTPTypes
import Hummingbird

/// Why a client may not do something, for its answer.
struct AccessRefusal: Sendable {
  let status: HTTPResponse.Status
  let text: String
  private let challenge: String?

  private init(_ status: HTTPResponse.Status, _ text: String, challenge: String?) {
    self.status = status
    self.text = text
    self.challenge = challenge
  }

  init(_ action: AccessAction, _ requirement: AccessRequirement) {
    let what =
      switch requirement {
      case .open, .token: "a bearer token (Authorization: Bearer TOKEN)"
      case .certificate: "a client certificate"
      case .either: "a bearer token (Authorization: Bearer TOKEN) or a client certificate"
      case .local: "a bearer token (Authorization: Bearer TOKEN) or a client certificate, but for clients of this machine itself"
      }
    let text = "\(action.rawValue) need \(what)"
    let isTokenEnough = requirement != .certificate
    self.init(isTokenEnough ? .unauthorized : .forbidden, text, challenge: isTokenEnough ? "Bearer realm=\"nats-claims\"" : nil)
  }

  /// A token that is not known.
  static let wrongToken = AccessRefusal(
    .unauthorized, "the bearer token is not known here", challenge: "Bearer realm=\"nats-claims\", error=\"invalid_token\"")

  /// The answer in plain text.
  var response: Response { challenging(.text(text + "\n", status: status)) }

  /// The answer for programs.
  var problem: Response { challenging(Problem(status, status == .forbidden ? "forbidden" : "unauthorized", text).response) }

  private func challenging(_ response: Response) -> Response {
    var response = response
    if let challenge { response.headers[.wwwAuthenticate] = challenge }
    return response
  }
}
