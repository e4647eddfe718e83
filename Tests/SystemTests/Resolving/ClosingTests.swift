import Claims
import ClaimsTestSupport
import Foundation
import Nkeys
import Testing

extension SystemTests {
  @Suite("a deletion, as nats-servers that resolve accounts here see it")
  struct ClosingTests {
    private let closing = "closing claims are announced"

    /// A delete claim for everything stored until now, sent over HTTP.
    private func delete(_ account: TestAccount, _ deployment: Deployment, second: Int64 = 100) async throws -> (claim: Token, text: String)
    {
      let claim = try deployment.organisation.authority.deletion(of: [account.key], iat: account.iat(second))
      let answer = try await deployment.claims.http.send("DELETE", HTTPClient.path(account.key), body: claim.bytes)
      #expect(answer.status == 200, "\(answer.text)")
      return (claim, answer.text)
    }

    private func isRefused(_ account: TestAccount, by deployment: Deployment) async throws {
      try await eventually("new clients are refused") {
        try await NATSClient.refusal(by: deployment.server, credentials: account.credentials()) != nil
      }
    }

    private func heldWarnings(_ deployment: Deployment) async throws -> String? {
      let text = try await deployment.claims.http.get("/readyz").text
      return text.range(of: "\"deleted_but_held\"").map { String(text[$0.lowerBound...].prefix(2000)) }
    }

    @Test("with a signing key at hand: clients are dropped, new ones refused, the file set aside", arguments: NATSServerVersion.allCases)
    func keyAtHand(_ version: NATSServerVersion) async throws {
      let deployment = try await Deployment(version, hasKeys: true)
      let account = try await deployment.account()
      let client = try await deployment.client(of: account)
      try await eventually("the file is there") { deployment.claims.file(of: account.key) != nil }
      let (claim, text) = try await delete(account, deployment)
      #expect(text.contains("deleted \(account.key)"))
      #expect(text.contains(closing))
      try await deployment.isDropped(client, with: "maximum account active connections exceeded")
      try await isRefused(account, by: deployment)
      #expect(try await deployment.claims.http.account(account.key).status == 404)
      try await eventually("the file is set aside") {
        deployment.claims.file(of: account.key) == nil
          && FileManager.default.fileExists(atPath: "\(deployment.claims.options.directory ?? "")/\(account.key).jwt.deleted")
      }
      #expect(try await heldWarnings(deployment) == nil)

      // The account comes back, survives the old claim, and its clients are let in again.
      try await deployment.store(account.token(101), of: account)
      #expect(try await deployment.claims.http.send("DELETE", HTTPClient.path(account.key), body: claim.bytes).status == 409)
      #expect(try await deployment.claims.http.account(account.key).body == account.token(101).bytes)
      try await eventually("clients are let in") {
        try await NATSClient.refusal(by: deployment.server, credentials: account.credentials()) == nil
      }
    }

    @Test("leaf nodes are dropped as clients are", arguments: NATSServerVersion.allCases)
    func leafNodes(_ version: NATSServerVersion) async throws {
      let leafPort = try ReservedPort()
      let deployment = try await Deployment(
        version, hasKeys: true, extra: "leafnodes { host: 127.0.0.1, port: \(leafPort.number) }")
      let account = try await deployment.account()
      let leaf = try NATSServer(
        version,
        configuration: """
          server_name: leaf
          leafnodes { remotes: [{ url: "nats-leaf://127.0.0.1:\(leafPort.number)", credentials: "\(account.credentials())" }] }
          """)
      try await leaf.start()
      try await eventually("the leaf node is connected") { leaf.log.contains("Leafnode connection created for account") }
      _ = try await delete(account, deployment)
      try await eventually("the leaf node is dropped") { leaf.log.contains("Leafnode connection closed") }
    }

    @Test("without a key the answer and /readyz name the servers that hold it, until it comes back", arguments: NATSServerVersion.allCases)
    func withoutKey(_ version: NATSServerVersion) async throws {
      let deployment = try await Deployment(version)
      let account = try await deployment.account()
      let client = try await deployment.client(of: account)
      let (claim, text) = try await delete(account, deployment)
      #expect(text.contains("no key of the operator was at hand"))
      let server = try #require(text.split(separator: ": ").last?.split(separator: "\n").first.map(String.init))
      #expect(server.contains("N"), "the server is named by its id: \(text)")
      #expect(try await deployment.claims.http.account(account.key).status == 404)
      let warning = try #require(try await heldWarnings(deployment))
      #expect(warning.contains("\(account.key)") && warning.contains(server))
      #expect(try client.farewell == nil, "nobody could tell the server")
      #expect(try await NATSClient.refusal(by: deployment.server, credentials: account.credentials()) == nil)

      try await deployment.store(account.token(101), of: account)
      #expect(try await heldWarnings(deployment) == nil)
      #expect(try await deployment.claims.http.send("DELETE", HTTPClient.path(account.key), body: claim.bytes).status == 409)
      #expect(try await deployment.claims.http.account(account.key).body == account.token(101).bytes)
    }

    @Test("an account that no server loaded is held by none", arguments: NATSServerVersion.allCases)
    func notLoaded(_ version: NATSServerVersion) async throws {
      let deployment = try await Deployment(version)
      let account = try await deployment.account()
      let (_, text) = try await delete(account, deployment)
      #expect(text.contains("no nats-server that answered holds the account"))
      #expect(try await heldWarnings(deployment) == nil)
    }

    @Test("servers that hold it are found again after our restart, and forgotten after theirs")
    func restarts() async throws {
      let deployment = try await Deployment(.debian)
      let account = try await deployment.account()
      let client = try await deployment.client(of: account)
      _ = try await delete(account, deployment)
      try await deployment.claims.kill()
      let claims = try await ServerUnderTest(deployment.claims.options)
      try await eventually("the server is named again") { try await claims.http.get("/readyz").text.contains("deleted_but_held") }
      try await client.close()
      try await deployment.server.kill()
      try await deployment.server.start()
      try await eventually("nobody holds it", within: 60) { try await !claims.http.get("/readyz").text.contains("deleted_but_held") }
    }

    @Test("while NATS is away it still drops the clients when NATS is back", arguments: NATSServerVersion.allCases)
    func natsAway(_ version: NATSServerVersion) async throws {
      let deployment = try await Deployment(version, hasKeys: true)
      let account = try await deployment.account()
      let client = try await deployment.client(of: account)
      deployment.server.pause()
      let (_, text) = try await delete(account, deployment)
      #expect(text.contains(closing))
      try await deployment.claims.kill()
      let claims = try await ServerUnderTest(deployment.claims.options)
      #expect(try await claims.http.account(account.key).status == 404)
      deployment.server.resume()
      try await eventually("the client is dropped") { try client.farewell != nil }
      try await isRefused(account, by: deployment)
    }

    @Test("without a key and with a server that hangs, the answer comes all the same and says that nobody could be asked")
    func hangingServer() async throws {
      let deployment = try await Deployment(.debian)
      let account = try await deployment.account()
      deployment.server.pause()
      let (_, text) = try await delete(account, deployment)
      #expect(text.contains("could not be asked"))
      deployment.server.resume()
    }

    @Test("without NATS the answer says that nobody can be asked")
    func withoutNATS() async throws {
      let organisation = try Organisation()
      let claims = try await ServerUnderTest(organisation)
      let account = try TestAccount(of: organisation)
      try await claims.store(account.token(), of: account)
      let claim = try organisation.authority.deletion(of: [account.key], iat: account.iat(1))
      let answer = try await claims.http.send("DELETE", HTTPClient.path(account.key), body: claim.bytes)
      #expect(answer.status == 200)
      #expect(answer.text.contains("could not be asked whether they hold the account: no nats-server is configured here"))
    }

    @Test("by `nats-claims delete` drops the clients although the server has no key", arguments: NATSServerVersion.allCases)
    func commandLine(_ version: NATSServerVersion) async throws {
      let deployment = try await Deployment(version)
      let account = try await deployment.account()
      let client = try await deployment.client(of: account)
      let keys = try deployment.organisation.keyStore()
      let url = "http://127.0.0.1:\(deployment.claims.port)"
      let result = try await Command.claims("delete", "--keys", keys, "--url", url, account.key.text, folder: keys)
      #expect(result.succeeded, "\(result.errors)")
      #expect(result.output.contains(closing))
      try await deployment.isDropped(client, with: "maximum account active connections exceeded")
      try await isRefused(account, by: deployment)
    }
  }
}
