import Claims
import ClaimsTestSupport
import Foundation
import Nkeys
import TestSupport
import Testing

extension SystemTests {
  @Suite("HTTPS")
  struct HTTPSTests {
    /// A server with a certificate of a test's authority.
    private struct Secured {
      let organisation: Organisation
      let certificates: TestCertificates
      let claims: ServerUnderTest
      var url: String { "https://127.0.0.1:\(claims.port)" }

      init(clients: String = "none", _ more: String = "") async throws {
        organisation = try Organisation()
        certificates = try TestCertificates()
        var options = try ServerUnderTest.Options(organisation)
        let file = """
          http { tls { cert: '\(certificates.server)', key: '\(certificates.serverKey)', root: '\(certificates.authority)', clients: \(clients) } }
          \(more)
          """
        options.extra = ["-c", try Stage.required.file("tls.conf", file)]
        claims = try await ServerUnderTest(options)
      }

      /// What curl says: the status, or its exit code when there is none.
      func curl(_ path: String, _ arguments: String..., withCertificate: Bool = false) async throws -> (
        status: String, ending: ChildProcess.Ending
      ) {
        var all = ["-sS", "-o", "/dev/null", "-w", "%{http_code}", "--max-time", "60", "--cacert", certificates.authority]
        if withCertificate { all += ["--cert", certificates.client, "--key", certificates.clientKey] }
        let result = try await Command(tool: .curl, arguments: all + arguments + [url + path], folder: nil, input: nil).run()
        return (result.output, result.ending)
      }
    }

    @Test("lookups and pushes work over TLS 1.2 and 1.3, and nothing older or plain is answered")
    func versions() async throws {
      let secured = try await Secured()
      let account = try TestAccount(of: secured.organisation)
      let token = try Stage.required.file("account.jwt", account.token().text)
      let path = HTTPClient.path(account.key)
      #expect(try await secured.curl(path, "--data-binary", "@\(token)", "--tlsv1.3").status == "200")
      #expect(try await secured.curl(path, "--tls-max", "1.2").status == "200")
      #expect(try await secured.curl("/jwt/v1/pack").status == "200")
      #expect(try await secured.curl(path, "--tls-max", "1.1").ending != .exited(0))
      let plain = try await Command(
        tool: .curl, arguments: ["-sS", "--max-time", "60", "http://127.0.0.1:\(secured.claims.port)/healthz"], folder: nil, input: nil
      ).run()
      #expect(!plain.succeeded)
      #expect(try await secured.claims.stop() == .exited(0))
    }

    @Test("a client certificate is asked for as configured", arguments: ["none", "optional", "required"])
    func clients(_ choice: String) async throws {
      let secured = try await Secured(clients: choice)
      #expect(try await secured.curl("/healthz", withCertificate: true).status == "200")
      #expect(try await secured.curl("/healthz").status == (choice == "required" ? "000" : "200"))
      let foreign = try TestCertificates()
      let answer = try await secured.curl("/healthz", "--cert", foreign.client, "--key", foreign.clientKey)
      #expect(answer.status == (choice == "none" ? "200" : "000"))
    }

    @Test("a push may need a certificate or a token, while lookups are open")
    func rights() async throws {
      let tokens = try Stage.required.file("tokens", "the-secret-of-operators\n")
      let secured = try await Secured(
        clients: "optional", "access { tokenfile: '\(tokens)', pushes: either, packs: certificate }")
      let account = try TestAccount(of: secured.organisation)
      let path = HTTPClient.path(account.key)
      func push(_ number: Int64, _ arguments: String..., withCertificate: Bool = false) async throws -> String {
        let file = try Stage.required.file("account.jwt", account.token(number).text)
        let field = arguments.first ?? "X-Nothing: 1"
        return try await secured.curl(path, "--data-binary", "@\(file)", "-H", field, withCertificate: withCertificate).status
      }
      #expect(try await push(1) == "401")
      #expect(try await push(1, "Authorization: Bearer the-secret-of-others!!") == "401")
      #expect(try await push(1, "Authorization: Bearer the-secret-of-operators") == "200")
      #expect(try await push(2, withCertificate: true) == "200")
      #expect(try await secured.curl(path).status == "200")
      #expect(try await secured.curl("/jwt/v1/pack").status == "403")
      #expect(try await secured.curl("/jwt/v1/pack", withCertificate: true).status == "200")
      // Other tokens are taken up without a signal.
      try Data("another-secret-of-operators\n".utf8).write(to: URL(filePath: tokens), options: .atomic)
      try await eventually("the new token is known") { try await push(3, "Authorization: Bearer another-secret-of-operators") == "200" }
      #expect(try await push(4, "Authorization: Bearer the-secret-of-operators") == "401")
    }

    @Test("commands show a token or a certificate, and check the server's")
    func commands() async throws {
      let tokens = try Stage.required.file("tokens", "# whose it is\nthe-secret-of-operators\n")
      let secured = try await Secured(clients: "optional", "access { tokenfile: '\(tokens)', pushes: token, packs: certificate }")
      let certificates = secured.certificates
      let account = try TestAccount(of: secured.organisation)
      let file = try Stage.required.file("account.jwt", account.token().text)
      let trust = ["--url", secured.url, "--ca", certificates.authority]
      func run(_ arguments: [String]) async throws -> Command.Result {
        try await Command(tool: .claims, arguments: arguments, folder: nil, input: nil).run()
      }
      #expect(try await !run(["push", "--url", secured.url, "--token-file", tokens, file]).succeeded)
      let anonymous = try await run(["push"] + trust + [file])
      #expect(
        anonymous.ending == .exited(1) && (anonymous.output + anonymous.errors).contains("pushes need a bearer token"), "\(anonymous)")
      #expect(try await run(["push"] + trust + ["--token-file", tokens, file]).succeeded)
      #expect(try await run(["list"] + trust).ending == .exited(1))
      let listed = try await run(["list"] + trust + ["--cert", certificates.client, "--cert-key", certificates.clientKey])
      #expect(listed.succeeded && listed.output.contains(account.key.text), "\(listed)")
      #expect(try await run(["list"] + trust + ["--cert", certificates.client]).ending == .exited(64))
      #expect(try await run(["push"] + trust + ["--token-file", "/nothing/here", file]).ending == .exited(1))
    }

    @Test("a new certificate is shown to new connections without a signal, and a bad one changes nothing")
    func rotation() async throws {
      let secured = try await Secured()
      let other = try TestCertificates()
      for (from, to) in [(other.server, secured.certificates.server), (other.serverKey, secured.certificates.serverKey)] {
        try Data(contentsOf: URL(filePath: from)).write(to: URL(filePath: to), options: .atomic)
      }
      func isTrusted(by authority: String) async throws -> Bool {
        try await Command(
          tool: .curl, arguments: ["-sS", "--max-time", "60", "--cacert", authority, secured.url + "/healthz"], folder: nil, input: nil
        ).run().succeeded
      }
      try await eventually("the new certificate is shown") { try await isTrusted(by: other.authority) }
      #expect(try await !isTrusted(by: secured.certificates.authority))
      try Data("nothing".utf8).write(to: URL(filePath: secured.certificates.server))
      try await eventually("the bad one is told of") { secured.claims.log.contains("the certificate that was in use goes on") }
      #expect(try await isTrusted(by: other.authority))
    }

    @Test("lookups with client certificates, over open and over new connections, go on while the certificate changes: none fails")
    func rotatedUnderLoad() async throws {
      let secured = try await Secured(clients: "required")
      let stop = try Stage.required.path("stop")
      let script = """
        import http.client, os, ssl, sys, threading
        authority, certificate, key, port, path, stop = sys.argv[1:]
        context = ssl.create_default_context(cafile=authority)
        context.load_cert_chain(certificate, key)
        failures = []

        def look(client):
            client.request("GET", path)
            answer = client.getresponse()
            answer.read()
            if answer.status != 200:
                raise RuntimeError(answer.status)

        def connect():
            client = http.client.HTTPSConnection("127.0.0.1", int(port), context=context, timeout=60)
            client.connect()
            return client

        def work():
            try:
                kept = connect()
                channel = kept.sock
                while not os.path.exists(stop):
                    for _ in range(20):
                        look(kept)
                    if kept.sock is not channel:
                        raise RuntimeError("the open connection was closed")
                    new = connect()
                    look(new)
                    new.close()
                    print("ok", flush=True)
            except Exception as error:
                failures.append(repr(error))

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        print(failures, file=sys.stderr)
        sys.exit(1 if failures else 0)
        """
      let certificates = secured.certificates
      let arguments = [
        "-c", script, certificates.authority, certificates.client, certificates.clientKey, "\(secured.claims.port)",
        HTTPClient.path(secured.organisation.systemAccount), stop,
      ]
      let client = try ChildProcess(.init(executable: try Tool.python.path, arguments: arguments))
      for rotation in 1...4 {
        let before = client.output.count
        try await eventually("it looks up") { client.output.count > before + 8 }
        try certificates.issue("server")
        try await eventually("the new certificate is taken up") {
          secured.claims.logLines.count { $0.contains("the certificate was read again") } >= rotation
        }
      }
      try Data().write(to: URL(filePath: stop))
      #expect(try await client.wait() == .exited(0), "\(client.errors)")
    }

    @Test("a handshake that does not come is given up")
    func handshake() async throws {
      let organisation = try Organisation()
      let certificates = try TestCertificates()
      var options = try ServerUnderTest.Options(organisation)
      let text = "http { readtimeout: 200, admin { port: 0 }, tls { cert: '\(certificates.server)', key: '\(certificates.serverKey)' } }"
      options.extra = ["-c", try Stage.required.file("tls.conf", text)]
      let claims = try await ServerUnderTest(options)
      let silent = try await Connection(port: claims.port)
      #expect(try await silent.answer(toHead: false) == nil)
      let line = try #require(claims.process.output.split(separator: "\n").first { $0.hasPrefix("administration: ") })
      let url = "\(line.dropFirst("administration: ".count))/metrics"
      let result = try await Command(
        tool: .curl, arguments: ["-sS", "--max-time", "60", "--cacert", certificates.authority, url], folder: nil, input: nil
      ).run()
      #expect(result.output.contains("nats_claims_http_connections_refused_total{reason=\"handshake\"} 1"), "\(result)")
    }

    @Test("a real nats-server resolves accounts with its certificate", arguments: NATSServerVersion.allCases)
    func resolver(_ version: NATSServerVersion) async throws {
      let secured = try await Secured(clients: "required")
      let certificates = secured.certificates
      let server = try NATSServer(
        version,
        configuration: """
          operator: \(secured.organisation.authority.token.text)
          system_account: \(secured.organisation.authority.system.publicKey)
          resolver: URL("\(secured.url)/jwt/v1/accounts/")
          resolver_tls { ca_file: "\(certificates.authority)", cert_file: "\(certificates.client)", key_file: "\(certificates.clientKey)" }
          """)
      try await server.start()
      let client = try await NATSClient(server, credentials: secured.organisation.systemCredentials())
      #expect(try await client.request("", to: "$SYS.REQ.SERVER.PING").contains("\"server\""))
    }

    @Test(
      "settings that contradict each other end the start",
      arguments: [
        ("access { lists: open }", "these answers tell everything"), ("http { tls { cert: x.pem } }", "cert and key go together"),
        ("http { tls { cert: x.pem, key: y.pem } }", "x.pem cannot be read"),
        ("http { tls { clients: required } }", "need http.tls.cert"), ("http { admin { host: localhost } }", "host needs port"),
        ("access { pushes: token }", "access.tokenfile names no file"),
        ("access { tokenfile: none.txt, pushes: token }", "none.txt cannot be read"),
        ("access { packs: certificate }", "http.tls.clients is none"),
      ])
    func contradictions(_ text: String, _ part: String) async throws {
      let folder = try Stage.required.newFolder("empty")
      let file = try Stage.required.file("doors.conf", text)
      let result = try await Command.claims("serve", "-hp", "127.0.0.1:0", "-c", file, folder: folder)
      #expect(result.ending == .exited(1))
      #expect(result.errors.contains(part), "\(result.errors)")
      #expect(try Disk.paths(below: folder).isEmpty)
    }
  }
}
