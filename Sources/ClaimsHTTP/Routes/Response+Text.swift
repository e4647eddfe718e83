import HTTPTypes
import Hummingbird
import NIOCore

extension Response {
  /// An answer of plain text.
  static func text(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
    bytes(ByteBuffer(string: text), type: "text/plain", status: status)
  }

  /// An answer of these bytes.
  static func bytes(_ bytes: ByteBuffer, type: String, status: HTTPResponse.Status = .ok) -> Response {
    Response(status: status, headers: [.contentType: type], body: .init(byteBuffer: bytes))
  }

  /// A page of plain text about the request itself, as the peer marks it.
  static func page(_ status: HTTPResponse.Status, _ text: String) -> Response {
    var response = Response.text(text, status: status)
    response.headers[.contentType] = "text/plain; charset=utf-8"
    response.headers[.xContentTypeOptions] = "nosniff"
    return response
  }
}
