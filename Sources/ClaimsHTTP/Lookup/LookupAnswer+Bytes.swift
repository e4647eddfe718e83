import Claims
import NIOCore

extension LookupAnswer {
  /// The whole answer in HTTP/1.1: with the Date header's text, without a body for HEAD, and with `Connection: close` when it is the last.
  func bytes(date: String, hasBody: Bool, isLast: Bool, allocator: ByteBufferAllocator) -> ByteBuffer {
    switch self {
    case .found(let token, let digest, let age):
      var bytes = allocator.buffer(capacity: 320 + token.bytes.count)
      bytes.writeStaticString("HTTP/1.1 200 OK\r\nContent-Type: application/jwt\r\nContent-Length: ")
      bytes.writeString(String(token.bytes.count))
      Self.writeEnd(digest, age, date, isLast, to: &bytes)
      if hasBody { bytes.writeBytes(token.bytes) }
      return bytes
    case .notModified(let digest, let age):
      var bytes = allocator.buffer(capacity: 320)
      bytes.writeStaticString("HTTP/1.1 304 Not Modified")
      Self.writeEnd(digest, age, date, isLast, to: &bytes)
      return bytes
    case .unknown:
      var bytes = allocator.buffer(capacity: 260)
      bytes.writeStaticString("HTTP/1.1 404 Not Found")
      Self.write(Self.unknownText, date, hasBody, isLast, to: &bytes)
      return bytes
    case .tooMany:
      var bytes = allocator.buffer(capacity: 260)
      bytes.writeStaticString("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1")
      Self.write(Self.tooManyText, date, hasBody, isLast, to: &bytes)
      return bytes
    }
  }

  private static func write(_ text: String, _ date: String, _ hasBody: Bool, _ isLast: Bool, to bytes: inout ByteBuffer) {
    bytes.writeStaticString("\r\nContent-Type: text/plain\r\nContent-Length: ")
    bytes.writeString(String(text.utf8.count))
    writeEnd(date, isLast, to: &bytes)
    if hasBody { bytes.writeString(text) }
  }

  private static func writeEnd(_ digest: TokenDigest, _ age: Int64, _ date: String, _ isLast: Bool, to bytes: inout ByteBuffer) {
    bytes.writeStaticString("\r\nETag: ")
    bytes.writeString(EntityTag.text(digest))
    bytes.writeStaticString("\r\nCache-Control: ")
    bytes.writeString(cacheControl(age))
    writeEnd(date, isLast, to: &bytes)
  }

  private static func writeEnd(_ date: String, _ isLast: Bool, to bytes: inout ByteBuffer) {
    if isLast { bytes.writeStaticString("\r\nConnection: close") }
    bytes.writeStaticString("\r\nDate: ")
    bytes.writeString(date)
    bytes.writeStaticString("\r\n\r\n")
  }
}
