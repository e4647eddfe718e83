import Claims
import ClaimsTestSupport
import Foundation
import Glibc
import Nkeys
import TestSupport
import Testing

extension SystemTests {
  @Suite("nats-claims events")
  struct EventsCommandTests {
    @Test(
      "shows who connects, leaves and is refused, with accounts that stand in the server's configuration",
      arguments: NATSServerVersion.allCases)
    func plainAccounts(_ version: NATSServerVersion) async throws {
      let plain = try await PlainServer(version)
      let people = try await FollowedEvents(plain.login)
      let programs = try await FollowedEvents(
        plain.login + ["--json", "--account", "USERS", "--kind", "connect", "--kind", "disconnect", "--count", "2"])
      let counts = try await FollowedEvents(plain.login + ["--json", "--account", "USERS", "--kind", "connections", "-n", "2"])
      let client = try await plain.client()
      try await people.shows(" connect ", "  USERS  test  user a, name \"\(client.name)\", from 127.0.0.1, python3 ")
      try await client.close()
      try await people.shows(" disconnect ", "  USERS  test  user a, name \"\(client.name)\"", "reason Client Closed")
      #expect(try await programs.process.wait() == .exited(0))
      let objects = try programs.objects
      #expect(objects.map { $0["kind"]?.text } == ["connect", "disconnect"])
      #expect(objects.allSatisfy { $0["account"]?.text == "USERS" && $0["event"]?["client"]?["name"]?.text == client.name })
      // Each count came on two subjects, and is shown once.
      #expect(try await counts.process.wait() == .exited(0))
      #expect(try counts.objects.map { $0["event"]?["conns"]?.integer } == [1, 0])
      await #expect(throws: NATSClientError.self) { try await NATSClient(plain.server, user: "a", password: "wrong") }
      try await people.shows(" auth-error ", "user a", "reason Authentication Failure")
      #expect(try await people.stop() == .exited(0))
    }

    @Test("shows accounts whose names have points in them", arguments: NATSServerVersion.allCases)
    func points(_ version: NATSServerVersion) async throws {
      let server = try NATSServer(
        version,
        configuration: """
          accounts: { "acme.com": {users: [{user: a, password: a}]}, SYS: {users: [{user: admin, password: changeit}]} }
          system_account: SYS
          """)
      try await server.start()
      let login = ["-s", server.url(user: "admin", password: "changeit")]
      let events = try await FollowedEvents(login + ["--account", "acme.com"])
      let client = try await NATSClient(server, user: "a", password: "a")
      try await events.shows(" connect ", "  acme.com  ", "name \"\(client.name)\"")
      try await client.close()
      try await events.shows(" disconnect ", "  acme.com  ")
      try await events.shows(" connections ", "  acme.com  ")
      #expect(try await events.stop() == .exited(0))
    }

    @Test("ends when nobody reads it any more, and says when its output cannot be written")
    func output() async throws {
      let plain = try await PlainServer(.newest)
      var ends: [Int32] = [0, 0]
      #expect(pipe(&ends) == 0)
      // Nothing is written before a client comes.
      let arguments = plain.login + ["--kind", "connect"]
      let unread = try await FollowedEvents(arguments, output: ends[1])
      close(ends[0])
      close(ends[1])
      let full = open("/dev/full", O_WRONLY)
      let unwritten = try await FollowedEvents(arguments, output: full)
      close(full)
      _ = try await plain.client()
      #expect(try await unread.process.wait() == .signalled(SIGPIPE))
      #expect(try await unwritten.process.wait() == .exited(EX_IOERR))
      #expect(unwritten.process.errors.contains("standard output cannot be written: No space left on device"))
    }

    @Test("shows claims, and what becomes of clients whose account or token is closed", arguments: NATSServerVersion.allCases)
    func operatorMode(_ version: NATSServerVersion) async throws {
      let organisation = try Organisation()
      let (revoked, limited) = (try TestAccount(of: organisation), try TestAccount(of: organisation))
      let known = [
        (organisation.systemAccount, organisation.systemToken), (revoked.key, try revoked.token()), (limited.key, try limited.token()),
      ]
      let server = try NATSServer(version, organisation, resolver: .memory(known))
      try await server.start()
      let credentials = try organisation.systemCredentials()
      let login = ["-s", server.url, "--creds", credentials]
      let events = try await FollowedEvents(login)
      let programs = try await FollowedEvents(login + ["--json", "--account", revoked.key.text])
      let userCredentials = try revoked.credentials()
      let clients = [
        try await NATSClient(server, credentials: userCredentials), try await NATSClient(server, credentials: limited.credentials()),
      ]
      for (client, account) in zip(clients, [revoked, limited]) {
        try await events.shows(" connect ", account.key.text, "name \"\(client.name)\"", "user U", "(user)")
      }
      let system = try await NATSClient(server, credentials: credentials)
      let news = try revoked.revoked(1)
      try await system.publish(news.text, to: "$SYS.ACCOUNT.\(revoked.key).CLAIMS.UPDATE")
      try await events.shows(
        " update ", "\(revoked.key.text) (account)  -  issued ", "issuer \(organisation.authority.signing.publicKey)", "jti ")
      try await events.shows(" disconnect ", "name \"\(clients[0].name)\"", "reason Credentials Revoked")
      try await system.publish(limited.closed(1).text, to: "$SYS.ACCOUNT.\(limited.key).CLAIMS.UPDATE")
      try await events.shows(" disconnect ", "name \"\(clients[1].name)\"", "reason Maximum Account Connections Exceeded")
      // A refused client counts for the account of its token.
      #expect(try await NATSClient.refusal(by: server, credentials: userCredentials) != nil)
      try await events.shows(" auth-error ", revoked.key.text, "(user)", "account and user by its unverified token")
      try await programs.shows(#""kind":"auth-error""#, revoked.key.text)
      #expect(!events.process.output.contains("eyJ") && !programs.process.output.contains("eyJ"))
      let update = try #require(try programs.objects.first { $0["kind"]?.text == "update" })
      #expect(update["event"]?["sub"]?.text == revoked.key.text)
    }

    @Test("shows the delete claims that resolvers are sent, with the accounts they name", arguments: NATSServerVersion.allCases)
    func deletions(_ version: NATSServerVersion) async throws {
      let organisation = try Organisation()
      let twins = try await Twins(version, organisation: organisation, resolver: .deleting(directory: organisation.directory()))
      let accounts = try (0..<3).map { _ in try TestAccount(of: organisation) }
      for account in accounts { try await twins.first.store(account.token(), of: account) }
      let login = ["-s", twins.server.url, "--creds", try organisation.systemCredentials(), "--kind", "delete"]
      let people = try await FollowedEvents(login)
      let programs = try await FollowedEvents(login + ["--json", "--account", accounts[2].key.text])
      // What is deleted over HTTP is sent on to the resolver; who asks over NATS is heard like that.
      try await twins.delete(accounts[0].key, at: twins.first)
      let signer = organisation.authority.signing.publicKey
      try await people.shows("Z  delete ", "\(accounts[0].key)  -  deletes \(accounts[0].key), issued ", "issuer \(signer), jti ")
      let system = try await NATSClient(twins.server, credentials: organisation.systemCredentials())
      let claim = try organisation.authority.deletion(of: accounts[1...].map(\.key), iat: Organisation.now)
      try await system.publish(claim.text, to: "$SYS.REQ.CLAIMS.DELETE")
      try await people.shows(" delete ", "  -  -  deletes \(accounts[1].key) and \(accounts[2].key), issued ")
      try await programs.shows(accounts[2].key.text)
      // The claim is sent on to the resolver, and heard again then; the other one is about other accounts.
      #expect(try Set(programs.objects.map { $0["event"]?["jti"]?.text }).count == 1)
      let object = try #require(try programs.objects.first)
      #expect(object["kind"]?.text == "delete" && object["subject"]?.text == "$SYS.REQ.CLAIMS.DELETE")
      #expect(object["accounts"]?.elements?.compactMap(\.text) == accounts[1...].map(\.key.text))
      #expect(object["event"]?["iss"]?.text == signer.text)
      #expect(!people.process.output.contains("eyJ") && !programs.process.output.contains("eyJ"))
    }

    @Test("shows leaf nodes as what they are", arguments: NATSServerVersion.allCases)
    func leafNodes(_ version: NATSServerVersion) async throws {
      let organisation = try Organisation()
      let account = try TestAccount(of: organisation)
      let port = try ReservedPort()
      let server = try NATSServer(
        version, organisation,
        resolver: .memory([(organisation.systemAccount, organisation.systemToken), (account.key, try account.token())]),
        extra: "leafnodes: { listen: \"127.0.0.1:\(port.number)\" }")
      try await server.start()
      let remote = "url: \"nats-leaf://127.0.0.1:\(port.number)\", credentials: \"\(try account.credentials())\""
      let leaf = try NATSServer(version, configuration: "server_name: leaf\nleafnodes: { remotes: [ { \(remote) } ] }")
      let login = ["-s", server.url, "--creds", try organisation.systemCredentials()]
      let events = try await FollowedEvents(login + ["--kind", "leaf-connect", "--kind", "leaf-disconnect"])
      let client = try await NATSClient(server, credentials: account.credentials())
      try await leaf.start()
      try await events.shows(" connect ", account.key.text, "  test  leaf node, user U", "name \"leaf\"")
      try await leaf.kill()
      try await events.shows(" disconnect ", account.key.text, "  test  leaf node, user U", "reason ")
      #expect(!events.process.output.contains(client.name))
    }

    @Test(
      "shows leaf nodes that log in by a server's configuration, which that tells only when they go", arguments: NATSServerVersion.allCases)
    func plainLeafNodes(_ version: NATSServerVersion) async throws {
      let port = try ReservedPort()
      let login = "authorization: { user: leaf, password: leaf, account: USERS }"
      let plain = try await PlainServer(version, extra: "leafnodes: { listen: \"127.0.0.1:\(port.number)\", \(login) }")
      let leaf = try NATSServer(
        version, configuration: "server_name: leaf\nleafnodes: { remotes: [ { url: \"nats-leaf://leaf:leaf@127.0.0.1:\(port.number)\" } ] }"
      )
      let events = try await FollowedEvents(plain.login + ["--kind", "connections", "--kind", "leaf-disconnect", "--account", "USERS"])
      try await leaf.start()
      try await events.shows("  USERS  test  connections 0, leaf nodes 1, in total 1")
      try await leaf.kill()
      try await events.shows(" disconnect ", "  USERS  test  leaf node, user leaf, name \"leaf\"", "reason ")
    }

    @Test("goes on after the server was away, and says so", arguments: NATSServerVersion.allCases)
    func restart(_ version: NATSServerVersion) async throws {
      let plain = try await PlainServer(version)
      let events = try await FollowedEvents(plain.login + ["--account", "USERS"])
      try await plain.server.kill()
      try await eventually("the loss is told") { events.process.errors.contains("the connection is lost (") }
      try await plain.server.start()
      try await eventually("the return is told") { events.process.errors.contains("connected again, to ") }
      let client = try await plain.client()
      try await events.shows(" connect ", "name \"\(client.name)\"")
      #expect(try await events.stop() == .exited(0))
    }

    @Test("shows servers that stop, or send their clients away first", arguments: NATSServerVersion.allCases, [SIGTERM, SIGUSR2])
    func stoppingServers(_ version: NATSServerVersion, _ signal: Int32) async throws {
      let servers = try await PlainServer.cluster(version)
      let events = try await FollowedEvents(servers[0].login + ["--from-server", "s10", "--kind", "shutdown", "--kind", "lame-duck"])
      servers[1].server.ask(with: signal)
      // Older servers tell of their stop alone.
      let isTold = signal == SIGUSR2 && version == .newest
      try await events.shows(isTold ? " lame-duck " : " shutdown ", "  -  s10  id N", "version ")
    }

    @Test("shows the stop of the very server that it is connected to, each time", arguments: NATSServerVersion.allCases)
    func stoppingItsOwnServer(_ version: NATSServerVersion) async throws {
      let plain = try await PlainServer(version)
      let events = try await FollowedEvents(plain.login + ["--kind", "shutdown"])
      let stops = 6
      for stop in 1...stops {
        try await eventually("it listens") { events.process.errors.matches(of: #/connected again, to /#).count == stop - 1 }
        plain.server.ask(with: SIGTERM)
        try await eventually("stop \(stop) is shown") { events.lines.count { $0.contains("Z  shutdown ") } == stop }
        try await plain.server.kill()
        if stop < stops { try await plain.server.start() }
      }
      #expect(try await events.stop() == .exited(0))
    }

    @Test("says which subjects the user may not hear")
    func forbiddenSubjects() async throws {
      let server = try NATSServer(
        .newest,
        configuration: """
          accounts: { SYS: {users: [{user: admin, password: changeit, permissions: {subscribe: {deny: "$SYS.SERVER.*.STATSZ"}}}]} }
          system_account: SYS
          """)
      try await server.start()
      let events = try await FollowedEvents(["-s", server.url(user: "admin", password: "changeit")])
      try await eventually("the complaint is told") {
        events.process.errors.contains("Permissions Violation for Subscription to \"$SYS.SERVER.*.STATSZ\"")
      }
    }

    @Test("says how many events were dropped because its lines were not read in time")
    func slowReader() async throws {
      let plain = try await PlainServer(.newest)
      let system = try await NATSClient(plain.server, user: "admin", password: "changeit")
      let pipe = Pipe()
      let events = try await FollowedEvents(
        plain.login + ["--kind", "connect", "--account", "FLOOD"], output: pipe.fileHandleForWriting.fileDescriptor)
      try pipe.fileHandleForWriting.close()
      // As many as may wait can be under way to the reader, too.
      let count = 200_000
      let body = #"{"id":"NUMBER","server":{"id":"N1"},"client":{"name":"NUMBER"}}"#
      try await system.flood(body, to: "$SYS.ACCOUNT.FLOOD.CONNECT", count: count)
      try await system.publish(#"{"server":{"id":"N1"},"client":{"name":"last"}}"#, to: "$SYS.ACCOUNT.FLOOD.CONNECT")
      // Nobody has read so far: now all that was kept comes, the newest to the end.
      var text = Data()
      while text.suffix(200).range(of: Data("name \"last\"".utf8)) == nil {
        let data = pipe.fileHandleForReading.availableData
        guard !data.isEmpty else { throw SetupError("nats-claims events ended: \(events.process.errors)") }
        text += data
      }
      // What is not told yet is told at the end.
      #expect(try await events.stop() == .exited(0))
      let told = events.process.errors.matches(of: #/([0-9]+) events were dropped/#).compactMap { Int($0.1) }.reduce(0, +)
      #expect(told > 0 && told == count + 1 - text.count { $0 == UInt8(ascii: "\n") }, "\(events.process.errors)")
    }

    @Test("ends cleanly when it is interrupted or stopped", arguments: [SIGINT, SIGTERM])
    func signals(_ signal: Int32) async throws {
      let plain = try await PlainServer(.newest)
      let events = try await FollowedEvents(plain.login + ["--kind", "stats", "--from-server", "test"])
      try await events.shows(" stats ", "  -  test  connections ", "memory ")
      #expect(try await events.stop(signal) == .exited(0))
    }

    @Test("says why it cannot listen: another account's user, a wrong password, nobody there", arguments: NATSServerVersion.allCases)
    func refusals(_ version: NATSServerVersion) async throws {
      let plain = try await PlainServer(version)
      let nobody = try ReservedPort()
      for (url, reason) in [
        (plain.server.url(user: "a", password: "a"), "the NATS user does not belong to the system account"),
        (plain.server.url(user: "admin", password: "wrong"), "Authorization Violation"),
        ("nats://127.0.0.1:\(nobody.number)", "no connection to NATS: nats://127.0.0.1:\(nobody.number): "),
        ("nats://127.0.0.1:\(nobody.number),\(plain.server.url(user: "admin", password: "wrong"))", "; \(plain.server.url): "),
        ("http://127.0.0.1", "a NATS URL begins with nats:// or tls://"),
      ] {
        let result = try await Command.claims("events", "-s", url)
        #expect(result.ending == .exited(1) && result.output.isEmpty, "\(result)")
        #expect(result.errors.contains(reason) && !result.errors.contains("wrong@"), "\(result.errors)")
      }
      // The environment names the server too.
      var command = Command(tool: .claims, arguments: ["events", "--kind", "stats", "-n", "1"])
      command.environment = ["NATS_URL": plain.server.url(user: "admin", password: "changeit")]
      #expect(try await command.run().succeeded)
    }

    @Test(
      "mistakes are told with what would be right",
      arguments: [
        (["--kind", "conect"], "auth-error"), (["--count", "0"], "--count must be at least 1"),
        (["--cert", "client.pem"], "--cert and --cert-key go together"),
      ])
    func mistakes(_ arguments: [String], _ advice: String) async throws {
      let result = try await Command(tool: .claims, arguments: ["events"] + arguments).run()
      #expect(result.ending == .exited(64) && result.errors.contains(advice), "\(result.errors)")
    }
  }
}
