import Claims
import ClaimsRegistry
import ClaimsTestSupport
import Nkeys
import Testing

@Suite("What nsc asks over HTTP")
struct NscTests {
  /// What the peer refused and nsc wants.
  private static let better: [(path: String, status: Int)] = [("/jwt/v2/operator", 200), ("/jwt/v1/activations", 200)]

  /// Accounts by the names of the fixture, each with the pair that signs its own tokens.
  private final class Accounts {
    private var pairs: [String: KeyPair] = [:]

    func pair(_ name: String) throws -> KeyPair {
      if let pair = pairs[name] { return pair }
      let pair = try KeyPair.generate(.account)
      pairs[name] = pair
      return pair
    }
  }

  @Test("is answered as nsc needs it: what it pushes is stored, and what it pulls is what was pushed")
  func replay() async throws {
    let requests = try NscRequest.all()
    #expect(requests.count > 25)
    try await LiveServer.run(signing: AccountSigning(isLocal: true)) { server in
      let accounts = Accounts()
      let exporter = try TestExporter()
      _ = try await server.registry.push(try exporter.claims(by: server.authority), by: .setup)
      for request in requests { try await replay(request, accounts, exporter, server) }
    }
  }

  private func replay(_ request: NscRequest, _ accounts: Accounts, _ exporter: TestExporter, _ server: LiveServer) async throws {
    let name = String(request.path.split(separator: "/").last ?? "")
    let isManaged = request.path.contains("/accounts/A")
    var path = request.path
    var body: String?
    if path.contains("/accounts/") {
      let pair = try accounts.pair(name)
      let key = try AccountKey(pair.publicKey)
      path = path.replacing(name, with: key.text)
      if request.method == "POST" { body = try server.authority.account(key, name: name, signer: isManaged ? pair : nil).text }
    } else if request.method == "POST" {
      body = try exporter.activation(for: try AccountKey(accounts.pair("<B>").publicKey)).text
    }
    let answer = try await send(request, path: path, body: body, to: server)
    let better = Self.better.first { $0.path == path }?.status ?? (isManaged && request.method == "POST" ? 200 : nil)
    #expect(answer?.status == better ?? request.status, "\(request.command): \(request.method) \(path)")
    if request.method == "POST", answer?.status == 200 { #expect(answer?.body == "") }
    if request.method == "GET", answer?.status == 200 {
      let verified = try VerifiedClaims.decode(Token(answer?.body ?? ""))
      #expect(name == "operator" ? verified.operator != nil : verified.account?.common.name == name)
    }
  }

  private func send(_ request: NscRequest, path: String, body: String?, to server: LiveServer) async throws -> GoldenAnswer? {
    let length = body.map { ["Content-Length: \($0.utf8.count)"] } ?? []
    let fields = request.fields.isEmpty ? ["Host: 127.0.0.1"] : request.fields
    let head = ["\(request.method) \(path) HTTP/1.1"] + fields + length + ["Connection: close"]
    let text = head.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? "")
    let received = try await RawConnection.open(server.port) { connection in
      try await connection.send(text)
      return await connection.receiveAll()
    }
    return GoldenAnswer(received: received)
  }
}
