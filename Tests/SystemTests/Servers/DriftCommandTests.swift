import ClaimsTestSupport
import Foundation
import TestSupport
import Testing

extension SystemTests {
  @Suite("nats-claims servers --drift")
  struct DriftCommandTests {
    /// A server of ours that answers one thing: some of what is known of a fleet does not last as long as a test takes.
    private static func servers(
      drift: String = "", servers: String = "", isConfigured: Bool = true, isConnected: Bool = true, _ arguments: [String] = []
    ) async throws -> Command.Result {
      let answer = #"{"configured":\#(isConfigured),"connected":\#(isConnected),"servers":[\#(servers)],"drift":[\#(drift)]}"#
      let script = """
        import http.server, sys

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = sys.argv[1].encode()
                self.send_response(200 if self.path == "/api/v1/servers" else 404)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        print(server.server_address[1], flush=True)
        server.serve_forever()
        """
      let process = try ChildProcess(.init(executable: try Tool.python.path, arguments: ["-c", script, answer]))
      var port: Int?
      try await eventually("it listens") {
        port = Int(process.output.trimmingCharacters(in: .whitespacesAndNewlines))
        return port != nil
      }
      let url = "http://127.0.0.1:\(try #require(port))"
      return try await Command(tool: .claims, arguments: ["servers", "--drift", "--url", url] + arguments).run()
    }

    private static func server(_ name: String, _ state: String) -> String { #"{"name":"\#(name)","state":"\#(state)"}"# }

    private static let older = #"{"account":"ACCOUNT","server":"N1","name":"s1","kind":"older","iat":1795000000}"#
    private static let nothing = "every nats-server holds what is stored, as far as they were asked\n"

    @Test("gives the all-clear only when servers are there, and none is unseen")
    func allClear() async throws {
      let live = [Self.server("s1", "live"), Self.server("s2", "live"), Self.server("s3", "gone"), Self.server("s4", "leaving")]
      let clear = try await Self.servers(servers: live.joined(separator: ","))
      #expect(clear.succeeded && clear.output == Self.nothing && clear.errors.isEmpty, "\(clear)")
      let json = try await Self.servers(servers: live.joined(separator: ","), ["--json"])
      #expect(json.succeeded && json.output == "[]\n" && json.errors.isEmpty, "\(json)")
    }

    @Test("names the servers that are unseen, and exits 1, whatever else there is", arguments: [[], ["--json"]])
    func unseen(_ arguments: [String]) async throws {
      let servers = [Self.server("s1", "live"), Self.server("s2", "unseen"), Self.server("s3", "unseen")].joined(separator: ",")
      let note = ["s2", "s3"].map { "what \($0) holds is not known: nothing was heard of it for half a minute\n" }.joined()
      for drift in ["", Self.older] {
        let result = try await Self.servers(drift: drift, servers: servers, arguments)
        #expect(result.ending == .exited(1) && result.errors == note, "\(result)")
        #expect(result.output.contains("ACCOUNT") == !drift.isEmpty && !result.output.contains(Self.nothing), "\(result)")
      }
    }

    @Test("says nothing of a server that was killed and is back under another id")
    func restarted() async throws {
      let result = try await Self.servers(servers: "\(Self.server("s1", "unseen")),\(Self.server("s1", "live"))")
      #expect(result.succeeded && result.output == Self.nothing && result.errors.isEmpty, "\(result)")
    }

    @Test("exits 1 and says why when what servers hold cannot be known")
    func unknown() async throws {
      let live = Self.server("s1", "live")
      for (result, reason) in [
        (try await Self.servers(isConfigured: false, isConnected: false), "the server is not connected to nats-servers (serve -nats)"),
        // What was known before the connection was lost says nothing of now.
        (try await Self.servers(servers: live, isConnected: false), "no connection to nats-servers now: what they hold is not known"),
        (try await Self.servers(), "no nats-server said yet that it is there: what they hold is not known"),
      ] {
        #expect(result.ending == .exited(1) && result.errors.contains(reason) && result.output.isEmpty, "\(result)")
      }
    }
  }
}
