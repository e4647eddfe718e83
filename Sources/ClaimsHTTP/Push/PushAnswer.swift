import ClaimsRegistry
import ClaimsStore
import HTTPTypes
import NIOCore
import NIOHTTP1

/// What a push comes to.
enum PushAnswer: Sendable {
  /// The claims are stored, or were already.
  case stored
  /// They are not.
  case refused(Refusal)

  /// What the last step of a push comes to.
  init(_ settle: () throws(Refusal) -> Verdict) {
    do throws(Refusal) {
      _ = try settle()
      self = .stored
    } catch {
      self = .refused(error)
    }
  }

  /// The whole answer to a push that was stored, in HTTP/1.1: with the Date header's text, and with `Connection: close` when it is the last.
  static func storedBytes(date: String, isLast: Bool, allocator: ByteBufferAllocator) -> ByteBuffer {
    var bytes = allocator.buffer(capacity: 128)
    bytes.writeStaticString("HTTP/1.1 200 OK\r\nContent-Length: 0")
    if isLast { bytes.writeStaticString("\r\nConnection: close") }
    bytes.writeStaticString("\r\nDate: ")
    bytes.writeString(date)
    bytes.writeStaticString("\r\n\r\n")
    return bytes
  }

  /// Status and fields of a refusal, with the Date header's text.
  static func head(of refusal: Refusal, date: String) -> HTTPResponseHead {
    let status = refusal.code.status
    var head = HTTPResponseHead(
      version: .http1_1, status: HTTPResponseStatus(statusCode: status.code, reasonPhrase: status.reasonPhrase))
    for field in refusal.fields { head.headers.add(name: field.name.rawName, value: field.value) }
    head.headers.add(name: "Content-Length", value: String(refusal.text.utf8.count))
    head.headers.add(name: "Date", value: date)
    return head
  }
}
