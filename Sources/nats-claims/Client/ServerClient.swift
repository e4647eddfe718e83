import AsyncHTTPClient
import Claims
import ClaimsRegistry
import Foundation
import NIOCore
import NIOHTTP1

/// An account server's HTTP surface, as the commands use it: ours, or any that speaks the same.
struct ServerClient {
  /// An answer: its status and body.
  struct Answer {
    let status: HTTPResponseStatus
    let body: [UInt8]

    /// Whether the server did what was asked.
    var isOK: Bool { status == .ok }
    /// The status as a number.
    var code: UInt { status.code }

    /// The body as text for people, and the status when the body is empty.
    var line: String {
      let text = String(decoding: body, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
      return PlainText.lines(text.isEmpty ? "\(status.code) \(status.reasonPhrase)" : text)
    }
  }

  private static let largestAnswer = 1 << 30
  private let root: String
  private let token: String?
  private let client: HTTPClient

  /// Takes the URL of a server, with or without `/jwt/v1` at the end, the bearer token to show, and whom to trust over TLS.
  init(_ url: String, token: String? = nil, trust: ClientTrust = ClientTrust()) throws {
    self.token = token
    client = try HTTPClient.commands(trust)
    guard let parsed = URL(string: url), let scheme = parsed.scheme, ["http", "https"].contains(scheme), parsed.host != nil else {
      throw CommandFailure("\(url) is no URL of an account server: give one like http://127.0.0.1:9090")
    }
    var root = url
    while root.hasSuffix("/") { root.removeLast() }
    self.root = root.hasSuffix("/jwt/v1") ? String(root.dropLast("/jwt/v1".count)) : root
  }

  private var base: String { root + "/jwt/v1" }

  /// The URL of an account.
  func url(of account: AccountKey) -> String { "\(base)/accounts/\(account)" }

  /// Pushes a token.
  func push(_ token: Token, to account: AccountKey) async throws -> Answer {
    try await send(.POST, "/accounts/\(account)", body: token.bytes)
  }

  /// Pushes a token, and waits until the nats-servers hold it; the answer is JSON.
  func push(_ token: Token, to account: AccountKey, waiting milliseconds: Int64) async throws -> Answer {
    try await send(
      .POST, "/accounts/\(account)?wait=\(milliseconds)ms", body: token.bytes, accepting: "application/json",
      timeout: .milliseconds(milliseconds) + .seconds(30))
  }

  /// Asks what is answered under `/api/v1`, with a body or without.
  func api(_ path: String, body: [UInt8]? = nil) async throws -> Answer {
    try await send(body == nil ? .GET : .POST, path, under: "/api/v1", body: body, accepting: "application/json")
  }

  /// Sends a delete claim, and closing claims behind it if there are any.
  func delete(_ account: AccountKey, claim: Token, closing: Token?) async throws -> Answer {
    try await send(.DELETE, "/accounts/\(account)", body: claim.bytes + (closing.map { [UInt8(ascii: "\n")] + $0.bytes } ?? []))
  }

  /// Fetches an account's token.
  func account(_ account: AccountKey) async throws -> Token {
    let answer = try await send(.GET, "/accounts/\(account)")
    guard answer.isOK else { throw CommandFailure("\(account): \(answer.line)") }
    return Token(answer.body)
  }

  /// Fetches the operator's token.
  func operatorToken() async throws -> Token {
    let answer = try await send(.GET, "/operator")
    guard answer.isOK else { throw CommandFailure("\(base)/operator: \(answer.line)") }
    return Token(answer.body)
  }

  /// Fetches every account's token, sorted by key.
  func pack() async throws -> [Token] {
    var reader = PackReader(try await packText(largest: -1))
    var tokens: [Token] = []
    do throws(ClaimsError) {
      while let entry = try reader.next() { tokens.append(entry.token) }
    } catch {
      throw CommandFailure("\(base)/pack: the answer is no pack: \(error)")
    }
    return tokens
  }

  /// Fetches the pack of at most `largest` accounts, as it is; of all when it is negative.
  func packText(largest: Int, timeout: Duration = .seconds(30)) async throws -> [UInt8] {
    let answer = try await send(.GET, "/pack?max=\(largest)", timeout: timeout)
    guard answer.isOK else { throw CommandFailure("\(base)/pack: \(answer.line)") }
    return answer.body
  }

  private func send(
    _ method: HTTPMethod, _ path: String, under part: String = "/jwt/v1", body: [UInt8]? = nil, accepting type: String? = nil,
    timeout: Duration = .seconds(30)
  ) async throws -> Answer {
    var request = HTTPClientRequest(url: root + part + path)
    request.method = method
    if let type { request.headers.add(name: "Accept", value: type) }
    if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
    if let body {
      request.headers.add(name: "Content-Type", value: "application/jwt")
      request.body = .bytes(ByteBuffer(bytes: body))
    }
    do {
      let response = try await client.execute(request, timeout: TimeAmount(timeout))
      let bytes = try await response.body.collect(upTo: Self.largestAnswer)
      return Answer(status: response.status, body: Array(bytes.readableBytesView))
    } catch {
      throw CommandFailure("\(base): the server cannot be reached: \(HTTPClient.reason(error))")
    }
  }
}
