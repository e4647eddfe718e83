import Testing

@testable import ClaimsNATS

@Suite("Server URLs")
struct ServerAddressTests {
  @Test(
    "a URL gives host, port, TLS and login",
    arguments: [
      ("nats://127.0.0.1:4222", "127.0.0.1", 4222, false, ServerAddress.Login.none),
      ("demo.example", "demo.example", 4222, false, .none),
      ("demo.example:5222", "demo.example", 5222, false, .none),
      ("TLS://demo.example/", "demo.example", 4222, true, .none),
      ("nats://[::1]:4333", "[::1]", 4333, false, .none),
      ("nats://[::1]", "[::1]", 4222, false, .none),
      ("nats://sys:secret@h:1", "h", 1, false, .user(name: "sys", password: "secret")),
      ("nats://sys:@h", "h", 4222, false, .user(name: "sys", password: "")),
      ("nats://s%40s:p%3aw%25%2F@h:1", "h", 1, false, .user(name: "s@s", password: "p:w%/")),
      ("nats://sys:a@b:c@h:1", "h", 1, false, .user(name: "sys", password: "a@b:c")),
      ("nats://t0ken@h", "h", 4222, false, .token("t0ken")),
    ])
  func parts(text: String, host: String, port: UInt16, usesTLS: Bool, login: ServerAddress.Login) throws {
    let address = try ServerAddress(text)
    #expect(address.host == host)
    #expect(address.port == port)
    #expect(address.usesTLS == usesTLS)
    #expect(address.login == login)
    #expect(address.url == "\(usesTLS ? "tls" : "nats")://\(host):\(port)")
  }

  @Test(
    "a URL that cannot be used is refused",
    arguments: [
      "", "nats://", "ws://h:1", "http://h", "nats://h:0", "nats://h:65536", "nats://h:", "nats://h:+1", "nats://h:4222/path",
      "nats://:4222",
      "nats://[::1:4222", "nats://::1:4222", "nats://a b", "nats://h\u{0}", "nats://@h", "nats://:p@h", "nats://u:%zz@h", "nats://u:%4@h",
      "nats://u:%ff@h", "nats://u:%00@h", "nats://u:%+1@h",
    ])
  func refused(text: String) {
    #expect(throws: NATSError.of(.invalidURL)) { try ServerAddress(text) }
  }

  @Test(
    "neither the address nor an error shows the password",
    arguments: ["nats://u:hidden@h:1", "nats://u:hidden@h:0", "nats://u:hidden%@h", "x://u:hidden@h"])
  func secrets(text: String) {
    do {
      #expect(try !ServerAddress(text).url.contains("hidden"))
    } catch {
      #expect(!error.message.contains("hidden"))
    }
  }

  @Test("options without a server, or with a bad one, do not pass their check")
  func options() throws {
    #expect(throws: NATSError.of(.invalidURL)) { try NATSOptions(servers: []).check() }
    #expect(throws: NATSError.of(.invalidURL)) { try NATSOptions(servers: ["nats://h", "ws://h"]).check() }
    try NATSOptions(servers: ["nats://h", "tls://h:1"]).check()
  }
}
