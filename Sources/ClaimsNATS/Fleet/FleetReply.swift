public import Claims

/// What a server replied to a question that is put to servers.
public struct FleetReply: Sendable, Hashable {
  /// The server.
  public let server: ServerInfo
  /// The whole reply.
  public let body: JSONValue
  /// How long after the question it came.
  public let delay: Duration

  /// Reads a reply; nil when it is not readable, or names no server.
  public init?(_ payload: [UInt8], delay: Duration = .zero) {
    guard let body = try? JSONReader().read(payload) else { return nil }
    // The answer to IDZ is the server's object as it is.
    guard let server = ServerInfo(body) ?? ServerInfo(server: body) else { return nil }
    self.body = body
    self.server = server
    self.delay = delay
  }

  /// What was asked for: the member `data`, or `statsz` of the replies to a ping; the whole reply where there is neither.
  public var data: JSONValue { body["data"] ?? body["statsz"] ?? body }

  /// The server's refusal, with its code; nil when it answered.
  public var error: String? {
    guard let error = body["error"], !error.isNull else { return nil }
    let code = error["code"]?.integer.map { " \($0)" } ?? ""
    return "error\(code): \(NATSError.printable(error["description"]?.text ?? "no description"))"
  }
}
