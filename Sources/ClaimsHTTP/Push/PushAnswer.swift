import ClaimsRegistry
import HTTPTypes
import NIOHTTP1

/// What a push comes to.
enum PushAnswer: Sendable {
  /// The claims are stored, or were already.
  case stored
  /// They are not.
  case refused(Refusal)

  /// The body.
  var text: String {
    switch self {
    case .stored: ""
    case .refused(let refusal): refusal.text
    }
  }

  /// Status and fields, with the Date header's text.
  func head(date: String) -> HTTPResponseHead {
    var head = HTTPResponseHead(version: .http1_1, status: .ok)
    if case .refused(let refusal) = self {
      head.status = HTTPResponseStatus(statusCode: refusal.code.status.code, reasonPhrase: refusal.code.status.reasonPhrase)
      for field in refusal.fields { head.headers.add(name: field.name.rawName, value: field.value) }
    }
    head.headers.add(name: "Content-Length", value: String(text.utf8.count))
    head.headers.add(name: "Date", value: date)
    return head
  }
}
