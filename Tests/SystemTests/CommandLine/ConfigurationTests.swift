import Claims
import ClaimsTestSupport
import Foundation
import Glibc
import TestSupport
import Testing

extension SystemTests {
  @Suite("The configuration of nats-claims serve")
  struct ConfigurationTests {
    /// A server that a file alone configures, but for its port.
    private struct Configured {
      let organisation: Organisation
      let directory: String
      let file: String
      var options = ServerUnderTest.Options()

      init(_ more: String = "") throws {
        organisation = try Organisation()
        directory = try organisation.directory()
        file = try Stage.required.file("claims.conf", Self.text(organisation, directory, more))
        options.extra = ["-c", file]
      }

      func rewrite(_ more: String) throws {
        try Data(Self.text(organisation, directory, more).utf8).write(to: URL(filePath: file))
      }

      private static func text(_ organisation: Organisation, _ directory: String, _ more: String) -> String {
        "# a file of the peer\n{ OperatorJWTPath: \"\(organisation.operatorFile)\"\n  store { dir: '\(directory)', Shard: true }\n\(more)\n}\n"
      }
    }

    @Test("a file of the peer says where the store and the operator are")
    func file() async throws {
      let configured = try Configured()
      let claims = try await ServerUnderTest(configured.options)
      let account = try TestAccount(of: configured.organisation)
      try await claims.store(account.token(), of: account)
      let name = account.key.description
      try await eventually("the file lies in its sub-folder") {
        FileManager.default.fileExists(atPath: "\(configured.directory)/\(name.suffix(2))/\(name).jwt")
      }
      #expect(try await claims.stop() == .exited(0))
    }

    @Test("the environment goes before the file, and names it too")
    func environment() async throws {
      var configured = try Configured()
      configured.options.extra = []
      configured.options.environment = ["NATS_CLAIMS_CONFIG": configured.file, "NATS_CLAIMS_STORE_SHARD": "no"]
      let claims = try await ServerUnderTest(configured.options)
      let account = try TestAccount(of: configured.organisation)
      try await claims.store(account.token(), of: account)
      try await eventually("the file lies in the directory itself") {
        FileManager.default.fileExists(atPath: "\(configured.directory)/\(account.key).jwt")
      }
    }

    @Test("with an address for administration, the other answers lookups alone")
    func twoAddresses() async throws {
      let configured = try Configured("http { admin { port: 0 } }")
      let claims = try await ServerUnderTest(configured.options)
      var port: Int?
      try await eventually("the address for administration is told") {
        port = claims.process.output.split(separator: "\n").first { $0.hasPrefix("administration: http://127.0.0.1:") }
          .flatMap { Int($0.split(separator: ":").last ?? "") }
        return port != nil
      }
      let administration = HTTPClient(port: try #require(port))
      let account = try TestAccount(of: configured.organisation)
      let refused = try await claims.http.push(account.token(), to: account.key)
      #expect(refused.status == 405 && refused["Allow"] == "GET, HEAD, OPTIONS")
      for path in ["/jwt/v1/pack", "/metrics"] { #expect(try await claims.http.get(path).status == 404) }
      #expect(try await claims.http.get(HTTPClient.path(account.key) + "?notify=true").status == 403)
      #expect(try await claims.http.send("DELETE", HTTPClient.path(account.key), body: [0x61]).status == 405)
      #expect(try await administration.push(account.token(), to: account.key).status == 200)
      for client in [claims.http, administration] {
        #expect(try await client.account(account.key).body == account.token().bytes)
        #expect(try await client.get("/readyz").status == 200)
      }
      #expect(try await administration.get("/jwt/v1/pack").status == 200)
      #expect(try await administration.get("/metrics").text.contains("nats_claims_lookups_total{result=\"found\"} 2"))
      #expect(try await claims.stop() == .exited(0))
    }

    @Test("limits of bodies, headers, times and connections are as configured")
    func limits() async throws {
      let configured = try Configured("http { maxbody: 2kb, maxheaders: 2KiB, readtimeout: 200, maxconnections: 3 }")
      let claims = try await ServerUnderTest(configured.options)
      let path = HTTPClient.path(configured.organisation.systemAccount)
      #expect(try await claims.http.send("POST", path, body: [UInt8](repeating: 0x61, count: 2049)).status == 413)
      #expect(try await claims.http.send("POST", path, body: [UInt8](repeating: 0x61, count: 2048)).status == 400)
      #expect(try await claims.http.get("/healthz", ["X-Long": String(repeating: "a", count: 3000)]).status >= 400)
      let slow = try await Connection(port: claims.port)
      try await slow.send(Array("GET /healthz HTTP/1.1\r\n".utf8))
      #expect(try await slow.answer(toHead: false) == nil)
      try await eventually("the slow one is closed by the deadline") {
        try await claims.metric("nats_claims_http_connections_refused_total{reason=\"headers\"}") == 1
      }
      var open: [Connection] = []
      for _ in 0..<3 { open.append(try await Connection(port: claims.port)) }
      try await eventually("the fourth is closed at once") {
        do { return try await claims.http.get("/healthz").status != 200 } catch { return true }
      }
      withExtendedLifetime(open) {}
    }

    @Test("--check-config prints values and origins, and what may be a mistake, and starts nothing")
    func check() async throws {
      let configured = try Configured("  natz { servers: 'nats://a' }")
      let folder = try Stage.required.newFolder("empty")
      let result = try await Command.claims("serve", "-c", configured.file, "-hp", "[::1]:81", "--check-config", folder: folder)
      #expect(result.succeeded, "\(result.errors)")
      func line(_ key: String) -> String { result.lines.first { $0.hasPrefix("\(key): ") } ?? "" }
      #expect(line("store.dir").hasSuffix("# \(configured.file):3:11"), "\(result.output)")
      #expect(line("http.host").hasPrefix("http.host: ::1 ") && line("http.host").hasSuffix("# flag -hp"))
      #expect(line("nats.servers").hasPrefix("nats.servers: none ") && line("nats.servers").hasSuffix("# default"))
      #expect(
        result.errors.contains("\(configured.file):4:3: 'natz' is no key of the configuration: did you mean 'nats'?"), "\(result.errors)")
      #expect(try Disk.paths(below: folder).isEmpty && !Disk.paths(below: configured.directory).contains(".nats-claims"))
    }

    @Test(
      "a configuration that cannot hold is refused, by serve and by --check-config",
      arguments: [
        ("http { port: high }", ":4:14: 'http.port' takes a whole number from 0 to 65535, not \"high\""), ("logging { ", "is not closed"),
        ("nats { servers: 'http://a' }", ":4:8: "), ("include 'none.conf'", ":4:9: the included file cannot be read"),
        ("logging { file: '/nothing/here.log' }", "the log file /nothing/here.log cannot be opened"),
      ])
    func refused(_ more: String, _ part: String) async throws {
      let configured = try Configured(more)
      for extra in [[], ["--check-config"]] where !(more.contains("here.log") && !extra.isEmpty) {
        let result = try await Command(
          tool: .claims, arguments: ["serve", "-hp", "127.0.0.1:0", "-c", configured.file] + extra, folder: nil, input: nil
        ).run()
        #expect(result.ending == .exited(1))
        #expect(result.errors.contains(part), "\(result.errors)")
        #expect(try !Disk.paths(below: configured.directory).contains(".nats-claims"))
      }
    }

    @Test("SIGHUP takes up what can change, names what waits for a restart, and an error in the file changes nothing")
    func reload() async throws {
      let configured = try Configured()
      let claims = try await ServerUnderTest(configured.options)
      func hangUp(_ more: String, until part: String) async throws {
        try configured.rewrite(more)
        claims.process.signal(SIGHUP)
        try await eventually("the log says: \(part)") { claims.log.contains(part) }
      }
      try await hangUp("logging { debug: maybe }", until: "the configuration has an error")
      #expect(claims.log.contains("'logging.debug' takes true or false"))
      try await hangUp("logging { format: json, debug: true }\nallowv1: false", until: "a changed setting waits for a restart")
      let line = try #require(claims.logLines.last { $0.contains("waits for a restart") })
      let facts = try JSONDecoder().decode([String: String].self, from: Data(line.utf8))
      #expect(facts["key"] == "allowv1" && facts["level"] == "warning" && facts["origin"] == "\(configured.file):5:1")
      #expect(claims.log.contains("logging.format") && !claims.log.contains("\"key\":\"store.dir\""))
      let account = try TestAccount(of: configured.organisation)
      try await claims.store(account.token(), of: account)
    }

    @Test("the log goes to its file, which is opened again on SIGHUP")
    func logFile() async throws {
      let log = try Stage.required.path("server.log")
      let configured = try Configured("logging { file: '\(log)', pid: true, time: false }")
      let claims = try await ServerUnderTest(configured.options)
      let first = try TestAccount(of: configured.organisation)
      try await claims.store(first.token(), of: first)
      let start = "[\(claims.process.identifier)] [INF] claims accepted account=\(first.key) "
      try await eventually("the push has its line") { try Disk.text(log).contains("\n" + start) || Disk.text(log).hasPrefix(start) }
      try FileManager.default.moveItem(atPath: log, toPath: log + ".1")
      claims.process.signal(SIGHUP)
      try await eventually("the file is there again") { FileManager.default.fileExists(atPath: log) }
      let second = try TestAccount(of: configured.organisation)
      try await claims.store(second.token(), of: second)
      #expect(try await claims.stop() == .exited(0))
      #expect(try Disk.text(log).contains("account=\(second.key) ") && !Disk.text(log).contains("account=\(first.key) "))
      #expect(try !Disk.text(log + ".1").contains("account=\(second.key) "))
      #expect(claims.log.isEmpty, "\(claims.log)")
    }
  }
}
