import Claims
import TestSupport

/// Sends requests to a server, each on a connection of its own.
struct HTTPClient: Sendable {
  let port: Int

  func get(_ path: String, _ fields: [String: String] = [:]) async throws -> HTTPAnswer {
    try await send("GET", path, fields)
  }

  func send(_ method: String, _ path: String, _ fields: [String: String] = [:], body: [UInt8]? = nil) async throws -> HTTPAnswer {
    let connection = try await Connection(port: port)
    var fields = fields
    fields["Connection"] = "close"
    try await connection.send(Self.request(method, path, fields, body: body))
    guard let answer = try await connection.answer(toHead: method == "HEAD") else {
      throw SetupError("\(method) \(path): the connection was closed without an answer")
    }
    return answer
  }

  /// Looks an account up.
  func account(_ key: AccountKey) async throws -> HTTPAnswer { try await get(Self.path(key)) }

  /// Pushes a token to the account it is about, or to another path.
  func push(_ token: Token, to key: AccountKey) async throws -> HTTPAnswer {
    try await send("POST", Self.path(key), body: token.bytes)
  }

  static func path(_ key: AccountKey) -> String { "/jwt/v1/accounts/\(key)" }

  /// The bytes of a request.
  static func request(_ method: String, _ path: String, _ fields: [String: String] = [:], body: [UInt8]? = nil) -> [UInt8] {
    var text = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\n"
    for (name, value) in fields.sorted(by: { $0.key < $1.key }) { text += "\(name): \(value)\r\n" }
    if let body { text += "Content-Length: \(body.count)\r\n" }
    return Array((text + "\r\n").utf8) + (body ?? [])
  }
}
