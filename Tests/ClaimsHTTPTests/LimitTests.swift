import Claims
import ClaimsHTTP
import ClaimsRegistry
import ClaimsStore
import ClaimsTestSupport
import Foundation
import NIOCore
import NIOHTTP1
import Testing

@Suite("Limits over HTTP")
struct LimitTests {
  private static func limits(_ edit: (inout HTTPLimits) -> Void) -> HTTPLimits {
    var limits = HTTPLimits()
    edit(&limits)
    return limits
  }

  @Test("headers that do not end are cut")
  func slowHeaders() async throws {
    try await LiveServer.run(limits: Self.limits { $0.headersDeadline = .milliseconds(200) }) { server in
      try await RawConnection.open(server.port) { connection in
        try await connection.send("GET /healthz HTTP/1.1\r\nHost: x\r\n")
        #expect(await connection.receiveAll().isEmpty)
      }
      #expect(try await server.send(.GET, "/metrics").body.contains("refused_total{reason=\"headers\"} 1\n"))
    }
  }

  @Test("a body that does not end is cut")
  func slowBody() async throws {
    try await LiveServer.run(limits: Self.limits { $0.bodyDeadline = .milliseconds(200) }) { server in
      try await RawConnection.open(server.port) { connection in
        try await connection.send("POST /jwt/v1/accounts/A HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc")
        _ = await connection.receiveAll()
      }
      #expect(try await server.send(.GET, "/metrics").body.contains("refused_total{reason=\"body\"} 1\n"))
    }
  }

  @Test("an idle connection is closed, one that is used is not")
  func idle() async throws {
    try await LiveServer.run(limits: Self.limits { $0.idleDeadline = .seconds(4) }) { server in
      let (key, token) = try await server.stored()
      try await RawConnection.open(server.port) { connection in
        // One request after the other, for longer than the time after which an idle connection is closed.
        let start = ContinuousClock.now
        var count = 0
        while start.duration(to: .now) < .seconds(6) {
          try await connection.send("GET /jwt/v1/accounts/\(key) HTTP/1.1\r\nHost: x\r\n\r\n")
          count += 1
          await connection.receive(count, of: token.text)
        }
        let all = await connection.receiveAll()
        #expect(all.components(token.text) == count)
      }
    }
  }

  @Test("header blocks over 16 KiB and more than 64 fields are refused")
  func headerFlood() async throws {
    try await LiveServer.run { server in
      let long = "X: \(String(repeating: "a", count: 17_000))\r\n"
      let many = (0..<65).map { "X\($0): a\r\n" }.joined()
      for headers in [long, many] {
        try await RawConnection.open(server.port) { connection in
          try await connection.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\(headers)\r\n")
          let answer = await connection.receiveAll()
          #expect(answer.hasPrefix("HTTP/1.1 400 "))
        }
      }
    }
  }

  @Test("a body that is declared too large is refused before it is sent")
  func declaredTooLarge() async throws {
    try await LiveServer.run { server in
      let key = try TestAuthority.account()
      try await RawConnection.open(server.port) { connection in
        try await connection.send("POST /jwt/v1/accounts/\(key) HTTP/1.1\r\nHost: x\r\nContent-Length: 1073741824\r\n\r\n")
        let answer = await connection.receiveAll()
        #expect(answer.hasPrefix("HTTP/1.1 413 "))
        #expect(answer.lowercased().contains("connection: close"))
      }
    }
  }

  @Test("a chunked body is refused when it grows too large, and the rest is not waited for")
  func chunkedTooLarge() async throws {
    try await LiveServer.run(limits: Self.limits { $0.body = 1000 }) { server in
      let key = try TestAuthority.account()
      try await RawConnection.open(server.port) { connection in
        try await connection.send("POST /jwt/v1/accounts/\(key) HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        try await connection.send("400\r\n\(String(repeating: "a", count: 1024))\r\n400\r\n")
        #expect(await connection.receiveAll().hasPrefix("HTTP/1.1 413 "))
      }
    }
  }

  @Test("what stands around the chunks of a body is bounded too")
  func chunkExtensions() async throws {
    try await LiveServer.run(limits: Self.limits { $0.body = 1000 }) { server in
      let key = try TestAuthority.account()
      try await RawConnection.open(server.port) { connection in
        try await connection.send("POST /jwt/v1/accounts/\(key) HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1;")
        do {
          for _ in 0..<100 { try await connection.send(String(repeating: "a", count: 10_000)) }
        } catch {
          // The other side has heard enough.
        }
        #expect(await connection.receiveAll().isEmpty)
      }
      #expect(try await server.send(.GET, "/metrics").body.contains("refused_total{reason=\"too_large\"} 1\n"))
    }
  }

  @Test("the ignored body of a GET is bounded too")
  func ignoredBody() async throws {
    try await LiveServer.run(limits: Self.limits { $0.body = 1000 }) { server in
      try await RawConnection.open(server.port) { connection in
        try await connection.send("GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n")
        let answer = await connection.receiveAll()
        #expect(answer.lowercased().contains("connection: close"))
      }
    }
  }

  @Test("a body that outgrows the limit after its request was answered ends the connection", .timeLimit(.minutes(1)))
  func ignoredChunks() async throws {
    let limits = Self.limits {
      $0.body = 1000
      // No deadline does the work.
      $0.headersDeadline = .hours(1)
      $0.bodyDeadline = .hours(1)
      $0.idleDeadline = .hours(1)
    }
    try await LiveServer.run(limits: limits) { server in
      try await RawConnection.open(server.port) { connection in
        try await connection.send("GET /healthz HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        _ = await connection.receive(until: "\r\n\r\n")
        try await connection.send("800\r\n\(String(repeating: "a", count: 2048))\r\n")
        #expect(await connection.receiveAll().components("HTTP/1.1 ") == 1)
      }
    }
  }

  @Test("an answer to HEAD has no body, whatever it says, so that the next answer is found")
  func headWithoutBody() async throws {
    try await LiveServer.run { server in
      let key = try TestAuthority.account()
      for path in [
        "/nope", "/jwt/v1/operator/", "/jwt/v1/accounts/\(key)", "/jwt/v1/accounts/\(key)?decode=true", "/jwt/v1/accounts/x", "/readyz",
      ] {
        try await RawConnection.open(server.port) { connection in
          try await connection.send(
            "HEAD \(path) HTTP/1.1\r\nHost: x\r\n\r\nHEAD /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
          let all = await connection.receiveAll()
          let answers = all.components(separatedBy: "\r\n\r\n")
          #expect(answers.count == 3 && answers[1].hasPrefix("HTTP/1.1 200 ") && answers[2].isEmpty, "\(path): \(all)")
        }
      }
    }
  }

  @Test("two lengths, or a length and chunks, are refused and the connection is closed")
  func conflictingLengths() async throws {
    try await LiveServer.run { server in
      for headers in ["Content-Length: 1\r\nContent-Length: 2\r\n", "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n"] {
        try await RawConnection.open(server.port) { connection in
          try await connection.send("POST /jwt/v1/accounts/A HTTP/1.1\r\nHost: x\r\n\(headers)\r\n1")
          #expect(await connection.receiveAll().hasPrefix("HTTP/1.1 400 "))
        }
      }
    }
  }

  @Test("pipelined requests are answered in order, whoever answers them")
  func pipelined() async throws {
    try await LiveServer.run { server in
      let (key, token) = try await server.stored()
      let plain = "GET /jwt/v1/accounts/\(key) HTTP/1.1\r\nHost: x\r\n\r\n"
      let routed = "GET /jwt/v1/help HTTP/1.1\r\nHost: x\r\n\r\n"
      let missing = "GET /jwt/v1/accounts/\(try TestAuthority.account()) HTTP/1.1\r\nHost: x\r\n\r\n"
      let last = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
      try await RawConnection.open(server.port) { connection in
        try await connection.send(plain + routed + plain + missing + routed + plain + last)
        let all = await connection.receiveAll()
        let marks = [token.text, "an account server for NATS", "no matching account JWT"]
        let order = all.occurrences(of: marks)
        #expect(order == [0, 1, 0, 2, 1, 0])
        #expect(all.components("HTTP/1.1 ") == 7)
      }
    }
  }

  @Test("Connection: close in any case, and HTTP/1.0, end the connection", arguments: Path.allCases)
  func closes(_ path: Path) async throws {
    try await LiveServer.run { server in
      let (key, token) = try await server.stored()
      let url = "/jwt/v1/accounts/\(key)\(path.rawValue)"
      for request in [
        "GET \(url) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "GET \(url) HTTP/1.1\r\nHost: x\r\nConnection: Close\r\n\r\n",
        "GET \(url) HTTP/1.1\r\nHost: x\r\nConnection: foo, CLOSE\r\n\r\n",
        "GET \(url) HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\nConnection: close\r\n\r\n", "GET \(url) HTTP/1.0\r\n\r\n",
      ] {
        try await RawConnection.open(server.port) { connection in
          try await connection.send(request)
          let answer = await connection.receiveAll()
          #expect(answer.hasPrefix("HTTP/1.1 200 ") && answer.hasSuffix(token.text))
          #expect(answer.lowercased().contains("connection: close"))
        }
      }
    }
  }

  @Test("what is sent after the last request gets no answer, and does no harm", arguments: ["close", "Close"])
  func ignoresWhatFollows(_ word: String) async throws {
    try await LiveServer.run { server in
      let (key, token) = try await server.stored()
      let next = try server.authority.account(key, name: "next")
      for path in ["/jwt/v1/accounts/\(key)", "/jwt/v1/accounts/\(key)?text=true"] {
        let last = "GET \(path) HTTP/1.1\r\nHost: x\r\nConnection: \(word)\r\n\r\n"
        let more = "POST /jwt/v1/accounts/\(key) HTTP/1.1\r\nHost: x\r\nContent-Length: \(next.bytes.count)\r\n\r\n\(next.text)"
        try await RawConnection.open(server.port) { connection in
          try await connection.send(last + more + last)
          let all = await connection.receiveAll()
          #expect(all.components("HTTP/1.1 ") == 1)
          #expect(all.hasSuffix(token.text))
        }
      }
      #expect(server.registry.lookup(key)?.token == token)
    }
  }

  @Test("a client that asks first is told to go on, or that its body is too large")
  func expectContinue() async throws {
    try await LiveServer.run { server in
      let key = try TestAuthority.account()
      let token = try server.authority.account(key)
      let head = "POST /jwt/v1/accounts/\(key) HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: 100-continue\r\n"
      try await RawConnection.open(server.port) { connection in
        try await connection.send("\(head)Content-Length: \(token.bytes.count)\r\n\r\n")
        #expect(await connection.receive(until: "\r\n\r\n").hasPrefix("HTTP/1.1 100 "))
        try await connection.send(token.text)
        #expect(await connection.receiveAll().contains("HTTP/1.1 200 "))
      }
      try await RawConnection.open(server.port) { connection in
        try await connection.send("\(head)Content-Length: 2000000\r\n\r\n")
        #expect(await connection.receiveAll().hasPrefix("HTTP/1.1 413 "))
      }
    }
  }

  @Test("connections over the cap are closed, those within it served")
  func cap() async throws {
    let limits = Self.limits { limits in
      limits.connections = 1
      limits.displacedAfter = .hours(1)
    }
    try await LiveServer.run(limits: limits) { server in
      try await RawConnection.open(server.port) { first in
        try await first.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(await first.receive(until: "\r\n\r\n").hasPrefix("HTTP/1.1 200 "))
        try await RawConnection.open(server.port) { second in
          #expect(await second.receiveAll().isEmpty)
        }
        try await first.send("GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        #expect(await first.receiveAll().contains("refused_total{reason=\"full\"} 1\n"))
      }
    }
  }

  @Test("a connection over the cap takes the place of one that lies idle, and of none that waits for its answer")
  func displaced() async throws {
    let limits = Self.limits { limits in
      limits.connections = 1
      limits.displacedAfter = .milliseconds(50)
    }
    try await LiveServer.run(limits: limits) { server in
      try await RawConnection.open(server.port) { first in
        // A request whose body is awaited is no rest.
        let key = try TestAuthority.account()
        try await first.send("POST /jwt/v1/accounts/\(key) HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n")
        #expect(await first.receive(until: "\r\n\r\n").hasPrefix("HTTP/1.1 100 "))
        try await eventually("the server turns others away while one is at work") {
          try await RawConnection.open(server.port) { await $0.receiveAll() }.isEmpty
        }
        try await first.send("x")
        await first.receive(1, of: "HTTP/1.1 400 ")
        // Connections are accepted by several event loops, each of which makes room among its own.
        try await eventually("the idle one is closed for another") {
          let answer = try await RawConnection.open(server.port) { second in
            // One that is turned away is closed already.
            try? await second.send("GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            return await second.receiveAll()
          }
          return answer.contains("refused_total{reason=\"displaced\"} 1\n")
        }
        #expect(await first.receiveAll().components("HTTP/1.1 ") == 2)
      }
    }
  }

  @Test("many pipelined lookups are all answered in order, also those that outrun the client")
  func longPipeline() async throws {
    try await LiveServer.run { server in
      let (key, token) = try await server.stored { $0.description = String(repeating: "d", count: 5000) }
      let request = "GET /jwt/v1/accounts/\(key) HTTP/1.1\r\nHost: x\r\n\r\n"
      try await RawConnection.open(server.port) { connection in
        try await connection.send(String(repeating: request, count: 300))
        try await connection.send("GET /nope HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        let all = await connection.receiveAll()
        #expect(all.components(token.text) == 300)
        #expect(all.hasSuffix("404 page not found\n"))
      }
    }
  }

  @Test("a server that stops does not cut answers that are on their way", arguments: ["", "?text=true"])
  func stopsAfterAnswers(_ query: String) async throws {
    try await LiveServer.run { server in
      let (key, token) = try await server.stored { $0.tags = (0..<20_000).map { "a tag with a number \($0)" } }
      let request = "GET /jwt/v1/accounts/\(key)\(query) HTTP/1.1\r\nHost: x\r\n\r\n"
      try await RawConnection.open(server.port) { connection in
        // More than the buffers of both sides take, so that the last answer waits in the server when it wants to close.
        try await connection.send(String(repeating: request, count: 40))
        _ = await connection.receive(until: "HTTP/1.1 200 ")
        await server.stop()
        let all = await connection.receiveAll()
        // Answers come in order: when the last one is whole, all are.
        #expect(all.hasSuffix(token.text))
      }
    }
  }

  @Test("a client that never reads does not make the server remember its answers")
  func backPressure() async throws {
    try await LiveServer.run(limits: Self.limits { $0.answerDeadline = .milliseconds(500) }) { server in
      let (key, _) = try await server.stored()
      let request = "GET /jwt/v1/accounts/\(key) HTTP/1.1\r\nHost: x\r\n\r\n"
      let burst = String(repeating: request, count: 1000)
      try await RawConnection.open(server.port) { connection in
        // A million requests are far more than the buffers of both sides take: the server stops reading, and ends the connection.
        do {
          for _ in 0..<1000 { try await connection.send(burst) }
        } catch {
          // The usual end: the other side is gone. What counts is that it went for this reason.
        }
        try await eventually("the server gives the connection up") {
          try await server.send(.GET, "/metrics").body.contains("refused_total{reason=\"idle\"} 1\n")
        }
      }
    }
  }
}

extension String {
  /// How often a text occurs.
  func components(_ text: String) -> Int { ranges(of: text).count }

  /// Which of several texts occur, in order.
  func occurrences(of texts: [String]) -> [Int] {
    texts.enumerated().flatMap { number, text in ranges(of: text).map { ($0.lowerBound, number) } }
      .sorted { $0.0 < $1.0 }.map(\.1)
  }
}
