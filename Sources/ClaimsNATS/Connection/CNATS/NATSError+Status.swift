import CNATS
import ClaimsRegistry

extension NATSError {
  /// What a status of the library means, with what it adds in words.
  init(status: natsStatus, detail: String?) {
    // The buffer is the one that a lost connection does not have.
    let status = status == NATS_INSUFFICIENT_BUFFER ? NATS_CONNECTION_CLOSED : status
    let text = natsStatus_GetText(status).map { String(cString: $0) } ?? "status \(status.rawValue)"
    let detail = detail.flatMap { $0.isEmpty ? nil : Self.printable($0) }
    self.init(Self.code(of: status, detail: detail ?? ""), detail.map { $0 == text ? text : "\(text): \($0)" } ?? text)
  }

  /// What the library noted last on this thread.
  init(lastErrorOnThread status: natsStatus) {
    var noted = NATS_OK
    let detail = nats_GetLastError(&noted).map { String(cString: $0) }
    self.init(status: status, detail: noted == NATS_OK ? nil : detail)
  }

  /// What the library noted last on a connection: the server's own words, where it sent some.
  init(lastErrorOf connection: OpaquePointer, status: natsStatus) {
    var text: UnsafePointer<CChar>?
    let noted = natsConnection_GetLastError(connection, &text)
    self.init(status: noted == NATS_OK ? status : noted, detail: noted == NATS_OK ? nil : text.map { String(cString: $0) })
  }

  private static func code(of status: natsStatus, detail: String) -> Code {
    // The server's errors without a status of their own come as a plain NATS_ERR, with its words.
    let words = detail.lowercased()
    if words.contains("maximum payload violation") { return .payloadViolation }
    if words.contains("authorization violation") || words.contains("authentication") { return .unauthorized }
    return switch status {
    case NATS_NO_SERVER: .unreachable
    case NATS_TIMEOUT, NATS_STALE_CONNECTION: .timeout
    case NATS_CONNECTION_AUTH_FAILED: .unauthorized
    case NATS_SSL_ERROR, NATS_SECURE_CONNECTION_WANTED, NATS_SECURE_CONNECTION_REQUIRED: .tls
    case NATS_CONNECTION_CLOSED, NATS_CONNECTION_DISCONNECTED, NATS_IO_ERROR: .closed
    case NATS_SLOW_CONSUMER: .slow
    case NATS_NOT_PERMITTED: .notPermitted
    default: .other
    }
  }

  /// A server's words, fit for a line of the log: without control characters, and not longer than they should be.
  static func printable(_ text: String) -> String {
    PlainText.line(text, limit: 300)
  }
}
