import Claims
import ClaimsTestSupport
import Nkeys
import TestSupport
import Testing

extension SystemTests {
  @Suite("what the answer to a push says of the servers")
  struct DeliveryAnswerTests {
    private let onlySecond = "1 applied (s2), 2 not loaded (s1, s3)"

    /// A cluster, and an account with a client at the second server.
    private func scene(_ version: NATSServerVersion, extra: [String] = []) async throws -> (Cluster, TestAccount) {
      let cluster = try await Cluster(version, extra: extra)
      let account = try TestAccount(of: cluster.organisation)
      try await cluster.claims.store(account.token(), of: account)
      _ = try await NATSClient(cluster.servers[1], credentials: account.credentials())
      return (cluster, account)
    }

    @Test("is one line for nsc where the configuration asks for it, and nothing elsewhere", arguments: NATSServerVersion.allCases)
    func reported(_ version: NATSServerVersion) async throws {
      let configuration = try Stage.required.file("claims.conf", "nats { reportdelivery: 20000 }")
      let (cluster, account) = try await scene(version, extra: ["-c", configuration])
      let answer = try await cluster.claims.http.push(account.token(1), to: account.key)
      #expect(answer.status == 200 && answer.text == "stored; \(onlySecond)\n", "\(answer.text)")
      #expect(answer["Content-Type"]?.hasPrefix("text/plain") == true)
      let again = try await cluster.claims.http.push(account.token(1), to: account.key)
      #expect(again.status == 200 && again.text == "unchanged; \(onlySecond)\n", "\(again.text)")
      let (silent, other) = try await scene(version)
      let nothing = try await silent.claims.http.push(other.token(1), to: other.key)
      #expect(nothing.status == 200 && nothing.body.isEmpty, "\(nothing.text)")
    }

    @Test("is who holds the claims, as text or JSON, when the request waits for that", arguments: NATSServerVersion.allCases)
    func awaited(_ version: NATSServerVersion) async throws {
      let (cluster, account) = try await scene(version)
      let http = cluster.claims.http
      let path = HTTPClient.path(account.key)
      let text = try await http.send("POST", "\(path)?wait=20s", body: account.token(1).bytes)
      #expect(text.status == 200 && text.text == "stored; \(onlySecond)\n", "\(text.text)")
      let requests = [("\(path)?wait=20s", ["Accept": "application/json"]), ("/api/v1/accounts/\(account.key)?wait=20s", [:])]
      for (number, request) in requests.enumerated() {
        let answer = try await http.send("POST", request.0, request.1, body: account.token(2 + Int64(number)).bytes)
        let read = try JSONReader().read(answer.body)
        #expect(answer.status == 200 && answer["Content-Type"]?.hasPrefix("application/json") == true)
        #expect(read["result"]?.text == "stored" && read["text"]?.text == "stored; \(onlySecond)")
        #expect(read["delivery"]?["confirmed"]?.bool == true)
        let servers = try #require(read["delivery"]?["servers"]?.elements)
        #expect(servers.map { $0["name"]?.text } == ["s1", "s2", "s3"])
        #expect(servers.map { $0["outcome"]?.text } == ["not_loaded", "applied", "not_loaded"])
        #expect(servers.allSatisfy { $0["id"]?.text?.hasPrefix("N") == true && $0["reply"]?.isNull == true && $0["ms"] != nil })
        let steps = (read["trace"]?.elements ?? []).map { [$0["step"]?.text, $0["server"]?.text].compactMap { $0 }.joined(separator: " ") }
        #expect(steps.prefix(3) == ["decoded", "committed", "published"])
        #expect(Set(steps.dropFirst(3)) == ["not_loaded s1", "applied s2", "not_loaded s3"])
        let times = (read["trace"]?.elements ?? []).compactMap(Self.milliseconds)
        #expect(times.count == 6 && times == times.sorted() && times.last ?? 0 > 0, "\(times)")
      }
      let unclear = try await http.send("POST", "\(path)?wait=soon", body: account.token(4).bytes)
      #expect(unclear.status == 400 && unclear.text.contains("such as 2s or 500ms, a minute at most"), "\(unclear.status) \(unclear.text)")
      #expect(try await http.account(account.key).body == account.token(3).bytes, "nothing was stored")
    }

    private static func milliseconds(_ step: JSONValue) -> Double? {
      switch step["ms"] {
      case .double(let number)?: number
      case .integer(let number)?: Double(number)
      default: nil
      }
    }

    @Test(
      "confirms nothing without a connection, whatever servers confirmed before, and nothing without servers; the command exits 1",
      arguments: NATSServerVersion.allCases)
    func disconnected(_ version: NATSServerVersion) async throws {
      let cluster = try await Cluster(version, count: 1)
      let account = try TestAccount(of: cluster.organisation)
      let known = try cluster.file(account.token())
      #expect(try await cluster.run("push", "--wait", "20s", known).succeeded)
      try await cluster.servers[0].kill()
      try await eventually("the loss is known") { try await cluster.claims.metric("nats_claims_nats_connected") == 0 }
      let again = try await cluster.run("push", "--wait", "1s", known)
      #expect(again.ending == .exited(1))
      #expect(again.output.contains("unchanged; 1 not loaded (s1); there is no connection to NATS now"), "\(again.output)")
      let newer = try await cluster.run("push", "--wait", "1s", cluster.file(account.token(1)))
      #expect(newer.ending == .exited(1))
      #expect(newer.output.contains("stored; not announced yet; there is no connection to NATS now"), "\(newer.output)")
      let alone = try await ServerUnderTest(ServerUnderTest.Options(cluster.organisation))
      let pushed = try await Command(tool: .claims, arguments: ["push", "--url", "http://127.0.0.1:\(alone.port)", "--wait", "1s", known])
        .run()
      #expect(pushed.ending == .exited(1) && pushed.output.contains("stored; no nats-server is configured here"), "\(pushed)")
    }

    @Test(
      "names the server that refuses the claims, with its words, until it takes newer ones; the command exits 1",
      arguments: NATSServerVersion.allCases)
    func refused(_ version: NATSServerVersion) async throws {
      // The operator has a new signing key, of which the nats-servers were not told.
      let organisation = try Organisation()
      let key = try KeyPair.generate(.operator)
      let operatorFile = try Stage.required.file("operator.jwt", organisation.authority.token(adding: key, iat: Organisation.now).text)
      let cluster = try await Cluster(version, organisation: organisation, operatorFile: operatorFile)
      let account = try TestAccount(of: organisation)
      try await cluster.claims.store(account.token(), of: account)
      let client = try await NATSClient(cluster.servers[1], credentials: account.credentials())
      let auditor = try await Auditor(cluster.servers[1], organisation)
      let token = try organisation.authority.account(account.key, iat: account.iat(1), signer: key)
      let pushed = try await cluster.run("push", "--wait", "2s", cluster.file(token))
      #expect(pushed.ending == .exited(1))
      #expect(pushed.output.contains("stored; 2 not loaded (s1, s3), 1 refused (s2)"), "\(pushed.output)")
      #expect(pushed.errors.contains("1 of 1 tokens were refused, or are not held by every nats-server"), "\(pushed.errors)")
      #expect(try await auditor.holding(of: account.key) == account.token())
      let told = try await cluster.run("push", "--wait", "2s", "--json", cluster.file(token))
      let servers = try JSONReader().read(Array(told.output.utf8))["delivery"]?["servers"]?.elements
      let line = try #require(servers?.first { $0["name"]?.text == "s2" }, "\(told)")
      #expect(told.ending == .exited(1) && line["outcome"]?.text == "refused")
      #expect(line["reply"]?.text?.contains("jwt update resulted in error") == true, "\(line.jsonText)")
      #expect(try await cluster.run("show", account.key.text).output.contains("2 not loaded (s1, s3), 1 refused (s2)"))
      #expect(cluster.claims.log.contains("a nats-server refuses announced claims"))
      let newer = try await cluster.run("push", "--wait", "20s", cluster.file(account.token(2)))
      #expect(newer.succeeded && newer.output.contains(onlySecond), "\(newer.output) \(newer.errors)")
      #expect(try client.farewell == nil)
    }
  }
}
