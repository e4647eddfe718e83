import Claims
import ClaimsTestSupport
import Foundation
import TestSupport
import Testing

extension SystemTests.ObservationTests {
  @Suite("6 and 7: what others answer when they are asked what they have")
  struct PackTests {
    /// Accounts as they stand, and what somebody tells of them instead.
    private struct Scene {
      let organisation: Organisation
      let stored: TestAccount
      let deleted: TestAccount
      let unknown: TestAccount
      let better: TestAccount

      init(_ organisation: Organisation) throws {
        self.organisation = organisation
        (stored, deleted) = (try TestAccount(of: organisation), try TestAccount(of: organisation))
        (unknown, better) = (try TestAccount(of: organisation), try TestAccount(of: organisation))
      }

      /// Account and token of what nobody may take over, and at the end what anybody may.
      func lies() throws -> [(account: String, iat: Int64, token: String)] {
        let foreign = try TestAuthority()
        let (later, other) = (Organisation.now + 50, try stored.token(9).text)
        return [
          (stored.key.text, later, "not-a-jwt"), (unknown.key.text, later, "not-a-jwt"), (unknown.key.text, later, ""),
          ("not-a-key", later, other), (stored.key.text, later, "\(other)x"), (unknown.key.text, stored.iat(9), other),
          (stored.key.text, later, try foreign.account(stored.key, iat: later).text),
          (unknown.key.text, later, try foreign.account(unknown.key, iat: later).text),
          (stored.key.text, stored.iat(0), try stored.token().text), (stored.key.text, later, try stored.token().text),
          (deleted.key.text, deleted.iat(0), try deleted.token().text), (deleted.key.text, later, try deleted.token().text),
          (unknown.key.text, later, try organisation.credentials(of: unknown.pair)),
          (better.key.text, better.iat(1), try better.token(1).text),
        ]
      }

      func settle(at claims: ServerUnderTest) async throws {
        for account in [stored, deleted, better] { try await claims.store(account.token(), of: account) }
        try await claims.store(stored.token(1), of: stored)
        let deletion = try organisation.authority.deletion(of: [deleted.key], iat: deleted.iat(1))
        let answer = try await claims.http.send("DELETE", HTTPClient.path(deleted.key), body: deletion.bytes)
        #expect(answer.status == 200, "\(answer.text)")
      }

      /// Waits until what may be taken was taken, and looks at the rest.
      func stands(at claims: ServerUnderTest) async throws {
        try await eventually("what is newer is taken") { try await claims.http.account(better.key).body == better.token(1).bytes }
        try await stays("as it was", for: .seconds(2)) {
          let kept = try await claims.http.account(stored.key).body
          let absent = try await [claims.http.account(deleted.key).status, claims.http.account(unknown.key).status]
          return try kept == stored.token(1).bytes && absent == [404, 404]
        }
      }
    }

    @Test("as a resolver: nothing comes in but what a push would bring", arguments: NATSServerVersion.allCases)
    func resolver(_ version: NATSServerVersion) async throws {
      let cluster = try await Cluster(version, count: 1, environment: ["NATS_CLAIMS_NATS_RECONCILEINTERVAL": "250ms"])
      let scene = try Scene(cluster.organisation)
      try await scene.settle(at: cluster.claims)
      let liar = try await Auditor(cluster.servers[0], cluster.organisation).client
      let lines = try scene.lies().map { "\($0.account)|\($0.token)" }
      try await liar.reply(["garbage", "|", "\u{1}\u{2}|x"] + lines + [""], to: "$SYS.REQ.CLAIMS.PACK", queue: "responder")
      try await eventually("it was asked more than once") { try liar.messages.count >= 3 }
      try await scene.stands(at: cluster.claims)
    }

    @Test("as one of ours: nothing comes in but what a push would bring", arguments: NATSServerVersion.allCases)
    func peer(_ version: NATSServerVersion) async throws {
      let cluster = try await Cluster(version, count: 1, environment: ["NATS_CLAIMS_NATS_RECONCILEINTERVAL": "250ms"])
      let scene = try Scene(cluster.organisation)
      try await scene.settle(at: cluster.claims)
      let liar = try await Auditor(cluster.servers[0], cluster.organisation).client
      let lines = try scene.lies().flatMap { account, iat, token in
        [0, 7].flatMap { generation in ["token", "deleted", "else"].map { "\(iat) \(generation) \($0) \(account) \(token)" } }
      }
      try await liar.reply(["garbage", "    ", "1 2 3 4 5"] + lines + [""], to: "NATS_CLAIMS.DIFFERENCE.LIAR")
      for number in 0..<3 {
        let hash = String(repeating: "0\(number)", count: 32)
        // What is told while an answer is looked at is passed over.
        try await eventually("it was asked") {
          try await liar.publish("LIAR \(hash)", to: "NATS_CLAIMS.STATE")
          return try liar.messages.count > number
        }
      }
      try await scene.stands(at: cluster.claims)
    }
  }
}
