import Claims
import ClaimsTestSupport
import Foundation

/// A connected NATS client: nats-py, in a process of its own.
struct NATSClient: Sendable {
  let name: String
  private let clients: PythonClients

  /// Connects; the name must be no other client's of the test.
  ///
  /// - Throws: ``NATSClientError`` when the server refuses the client.
  init(_ server: NATSServer, credentials: String, name: String = UUID().uuidString) async throws {
    self.name = name
    clients = try Stage.required.pythonClients()
    _ = try await clients.command("connect", client: name, ["url": server.url, "creds": credentials])
  }

  /// Connects as a user whose name and password stand in the server's configuration.
  ///
  /// - Throws: ``NATSClientError`` when the server refuses the client.
  init(_ server: NATSServer, user: String, password: String) async throws {
    name = UUID().uuidString
    clients = try Stage.required.pythonClients()
    _ = try await clients.command("connect", client: name, ["url": server.url(user: user, password: password)])
  }

  /// Why a server refuses a client; nil when it lets it in.
  static func refusal(by server: NATSServer, credentials: String) async throws -> String? {
    do {
      try await NATSClient(server, credentials: credentials).close()
      return nil
    } catch let error as NATSClientError {
      return error.description
    }
  }

  func subscribe(_ subject: String) async throws {
    _ = try await clients.command("subscribe", client: name, ["subject": subject])
  }

  /// Answers every request with a text.
  func reply(_ text: String, to subject: String) async throws {
    try await reply([text], to: subject)
  }

  /// Answers every request with some texts, a message each; in a queue group if one is named.
  func reply(_ texts: [String], to subject: String, queue: String = "") async throws {
    let texts = String(decoding: try JSONEncoder().encode(texts), as: UTF8.self)
    _ = try await clients.command("reply", client: name, ["subject": subject, "texts": texts, "queue": queue])
  }

  func publish(_ text: String, to subject: String) async throws {
    _ = try await clients.command("publish", client: name, ["subject": subject, "text": text])
  }

  /// Publishes many messages as fast as it can; in each, `NUMBER` is replaced by its number.
  func flood(_ text: String, to subject: String, count: Int) async throws {
    _ = try await clients.command("flood", client: name, ["subject": subject, "text": text, "count": "\(count)"])
  }

  func request(_ text: String, to subject: String) async throws -> String {
    try await clients.command("request", client: name, ["subject": subject, "text": text])["text"] ?? ""
  }

  /// Sends a request, and gathers what comes until an empty message, or until nothing comes for so many seconds; `503` says that nobody listens.
  /// With `beyond` it goes on after an empty message, until nothing comes for so many seconds.
  func gather(
    _ text: String = "", hex: [UInt8]? = nil, from subject: String, quiet: Double = 5, beyond: Double? = nil
  ) async throws -> [String] {
    var facts = ["subject": subject, "text": text, "quiet": "\(quiet)"]
    if let beyond { facts["beyond"] = "\(beyond)" }
    if let hex { facts["hex"] = hex.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined() }
    let answer = try await clients.command("gather", client: name, facts)
    return try JSONDecoder().decode([String].self, from: Data((answer["texts"] ?? "[]").utf8))
  }

  /// All that is answered to a question for a pack, also what comes behind the end because more than one answers; `hash` is of what the asker holds.
  func pack(hash: [UInt8]? = nil) async throws -> [String] {
    try await gather(hex: hash, from: "$SYS.REQ.CLAIMS.PACK", quiet: 10, beyond: 0.7)
  }

  func close() async throws {
    _ = try await clients.command("close", client: name)
  }

  /// The last words of the server when it closed the connection; nil while it is open.
  var farewell: String? {
    get throws { try events("closed").first?.text }
  }

  /// The messages of its subscriptions, in order.
  var messages: [PythonClients.Event] {
    get throws { try events("message") }
  }

  private func events(_ kind: String) throws -> [PythonClients.Event] {
    try clients.events(of: name).filter { $0.event == kind }
  }
}

/// By what resolvers tell whether they hold the same: the hashes of all tokens, XORed.
func packHash(of tokens: [Token]) -> [UInt8] {
  var hash = [UInt8](repeating: 0, count: TokenDigest.count)
  for token in tokens { for (place, byte) in token.digest.bytes.enumerated() { hash[place] ^= byte } }
  return hash
}
