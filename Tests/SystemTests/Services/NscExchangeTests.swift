import Claims
import ClaimsTestSupport
import Foundation
import Nkeys
import Testing

extension SystemTests {
  /// The captured requests are sent with tokens of our own; what comes back must be what nsc reads: the same number of answers, of the same shape.
  @Suite("what nsc sends over nats://")
  struct NscExchangeTests {
    @Test("is answered as a full resolver answers it", arguments: try NscExchange.all(), NATSServerVersion.allCases)
    func replay(_ exchange: NscExchange, _ version: NATSServerVersion) async throws {
      let scene = try await NscScene(version, exchange)
      for (request, answers) in exchange.requests {
        let received = try await scene.send(request, answers).map { try scene.meaning($0, isOurs: true) }
        let expected = try answers.map { try scene.meaning($0.payload, isOurs: false) }
        #expect(received.last == "" || expected.last != "", "a pack ends with an empty message")
        #expect(received.sorted() == expected.sorted(), "\(request.subject)")
      }
    }

    @Test("is in the capture as often as it says")
    func whole() throws {
      let exchanges = try NscExchange.all()
      #expect(
        exchanges.map(\.title) == [
          "push one", "push all", "diff", "diff with an account unknown to nsc", "prune", "remove one account", "pull all",
          "push with --timeout 3", "push one, two servers", "remove one, two servers",
          "pull all, two servers (queue group: only one answers)",
        ])
      #expect(exchanges.flatMap(\.requests).count == 15)
      // Of two resolvers both answer, but for a pack: an account each, and the end.
      #expect(exchanges.filter { $0.resolvers == 2 }.map { $0.requests.map(\.answers.count) } == [[2], [2], [3]])
    }
  }
}

/// nats-claims with the accounts of the capture: alone beside a nats-server that resolves accounts by URL, or in the place of one of two full
/// resolvers.
private struct NscScene {
  private let cluster: Cluster
  private let client: NATSClient
  /// The accounts by their letters in the capture.
  private let accounts: [String: TestAccount]

  init(_ version: NATSServerVersion, _ exchange: NscExchange) async throws {
    let organisation = try Organisation()
    let directories = try (1..<exchange.resolvers).map { _ in try organisation.directory() }
    cluster = try await Cluster(
      version, organisation: organisation, count: directories.isEmpty ? 1 : 0,
      others: directories.map { .init(resolver: .deleting(directory: $0)) })
    client = try await Auditor(cluster.servers[0], organisation).client
    var accounts: [String: TestAccount] = [:]
    // What the resolver of the capture held: the accounts that its answers name, or that are to be deleted.
    let texts = exchange.messages.map(\.payload).joined()
    for name in ["A", "B", "E", "X"] where texts.contains("<\(name)>") {
      let account = try TestAccount(of: organisation)
      try await cluster.claims.store(account.token(), of: account)
      for directory in directories {
        try await eventually("the resolver keeps it too") {
          FileManager.default.contents(atPath: "\(directory)/\(account.key).jwt").map { Array($0) } == (try account.token().bytes)
        }
      }
      accounts[name] = account
    }
    self.accounts = accounts
  }

  /// Sends a request of the capture with tokens of our own; `answers` say which account it was about.
  func send(_ request: NscExchange.Message, _ answers: [NscExchange.Message]) async throws -> [String] {
    switch request.subject {
    case "$SYS.REQ.CLAIMS.UPDATE":
      let name = answers.first?.payload.firstMatch(of: #/"account":"<(\w+)>"/#).map { String($0.1) } ?? ""
      let token = try accounts[name]?.token(1) ?? cluster.organisation.systemToken
      return try await client.gather(token.text, from: request.subject, quiet: 1)
    case "$SYS.REQ.CLAIMS.DELETE":
      let names = request.payload.matches(of: #/<(\w)>/#).map { String($0.1) }.filter { accounts[$0] != nil }
      try #require(!names.isEmpty, "the claim names no account of the capture: \(request.payload)")
      return try await client.gather(try deleteClaim(names.compactMap { accounts[$0]?.key }).text, from: request.subject, quiet: 1)
    case "$SYS.REQ.CLAIMS.PACK": return try await client.pack()
    default: return try await client.gather(from: request.subject, quiet: 1)
    }
  }

  private func deleteClaim(_ keys: [AccountKey]) throws -> Token {
    let signer = cluster.organisation.authority.signing
    var claims = GenericClaims(subject: KeyReference(signer.publicKey))
    claims.data = ClaimsMap([("accounts", .array(keys.map { .string($0.text) }))])
    return try claims.signed(by: signer, at: Organisation.now)
  }

  /// What nsc makes of an answer: whose it is, and what it says; the same text stands for the same.
  func meaning(_ answer: String, isOurs: Bool) throws -> String {
    guard answer.hasPrefix("{") else { return isOurs ? answer : try named(answer) }
    let json = try JSONReader().read(Array(answer.utf8))
    // Without a name of the server nsc fails; what the name is does not matter.
    try #require(json["server"]?["name"]?.text?.isEmpty == false, "\(answer)")
    if let keys = json["data"]?.elements {
      return try keys.compactMap(\.text).map { isOurs ? $0 : try named($0) }.sorted().joined(separator: " ")
    }
    let data = try #require(json["data"] ?? json["error"], "\(answer)")
    let account = try data["account"]?.text.map { isOurs ? $0 : try named($0) } ?? ""
    return "\(data["code"]?.integer ?? 0) \(account) \(data["message"]?.text ?? data["description"]?.text ?? "")"
  }

  /// Puts our keys and tokens in the place of the capture's names.
  private func named(_ text: String) throws -> String {
    var text = text
    for (name, account) in accounts {
      text = text.replacing("<\(name)>|<JWT>", with: "\(account.key)|\(try account.token().text)").replacing(
        "<\(name)>", with: account.key.text)
    }
    let system = cluster.organisation.systemAccount.text
    return text.replacing("<SYS>|<JWT>", with: "\(system)|\(cluster.organisation.systemToken.text)").replacing("<SYS>", with: system)
  }
}
