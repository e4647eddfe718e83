import Claims
import ClaimsTestSupport
import NIOHTTP1
import Testing

@testable import ClaimsHTTP

@Suite("Limits of one address")
struct AddressLimitTests {
  @Test("questions about unknown keys beyond the limit are 429, and those about known ones never", arguments: Path.allCases)
  func unknownKeys(_ path: Path) async throws {
    var limits = HTTPLimits()
    limits.unknownKeys = 3
    try await LiveServer.run(limits: limits) { server in
      let (key, token) = try await server.stored()
      let unknown = "/jwt/v1/accounts/\(try TestAuthority.account())\(path.rawValue)"
      for _ in 0..<3 { #expect(try await server.send(.GET, unknown).status == 404) }
      let limited = try await server.send(.GET, unknown)
      #expect(limited.status == 429 && limited.headers["retry-after"] == ["1"])
      #expect(limited.body == "too many questions about unknown keys: ask again in a second\n")
      #expect(try await server.send(.HEAD, unknown).status == 429)
      for _ in 0..<10 { #expect(try await server.send(.GET, "/jwt/v1/accounts/\(key)\(path.rawValue)").body == token.text) }
      #expect(try await server.send(.GET, "/metrics").body.contains("lookups_total{result=\"limited\"} 2\n"))
    }
  }

  @Test("are counted anew each second, for each address by itself")
  func seconds() {
    let rate = UnknownKeyRate(limit: 2)
    #expect([1, 1, 1, 2, 2, 2].map { rate.admits("a", now: $0) } == [true, true, false, true, true, false])
    #expect(rate.admits("b", now: 2))
  }

  @Test("count IPv6 by its networks, since one client has many addresses there")
  func networks() {
    #expect(countedNetwork(of: "2001:db8:1:2::3") == countedNetwork(of: "2001:db8:1:2:ffff::4"))
    #expect(countedNetwork(of: "2001:db8:1:2::3") != countedNetwork(of: "2001:db8:1:3::3"))
    #expect(countedNetwork(of: "::ffff:10.0.0.1") != countedNetwork(of: "::ffff:10.0.0.2"))
    #expect(countedNetwork(of: "10.0.0.1") == "10.0.0.1" && countedNetwork(of: "local") == "local")
  }

  @Test("connections beyond the limit are closed, whatever room there is, and make room again when they end")
  func connections() async throws {
    var limits = HTTPLimits()
    limits.connectionsOfAddress = 1
    try await LiveServer.run(limits: limits) { server in
      try await RawConnection.open(server.port) { first in
        try await first.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(await first.receive(until: "\r\n\r\n").hasPrefix("HTTP/1.1 200 "))
        try await RawConnection.open(server.port) { #expect(await $0.receiveAll().isEmpty) }
        try await first.send("GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        #expect(await first.receiveAll().contains("refused_total{reason=\"address\"} 1\n"))
      }
      try await eventually("there is room again") {
        try await RawConnection.open(server.port) { next in
          try? await next.send("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
          return await next.receiveAll().hasPrefix("HTTP/1.1 200 ")
        }
      }
    }
    let count = ConnectionCount(cap: 2, perAddress: 1)
    #expect([count.enter("a"), count.enter("a"), count.enter("b")] == [.admitted, .fullForAddress, .full])
    for address in ["a", "a", "b"] { count.leave(address) }
    #expect(count.open == 0 && count.enter("a") == .admitted)
  }
}
