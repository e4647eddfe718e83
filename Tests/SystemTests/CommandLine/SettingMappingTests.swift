import ClaimsHTTP
import ClaimsNATS
import NIOCore
import ServerConfig
import Testing

@testable import nats_claims

@Suite("What settings set")
struct SettingMappingTests {
  private func options(_ text: String) throws -> ServerOptions {
    try ServerConfiguration(text: text, file: "test.conf", source: ConfigSource(environment: [:])).options
  }

  @Test("of HTTP are the limits of a client")
  func http() throws {
    let limits = try options(
      "http { readtimeout: 1500, writetimeout: 2s, idletimeout: 3s, maxheaders: 2KiB, maxbody: 3KiB, maxconnections: 4, "
        + "maxconnectionsperaddress: 5, maxunknownkeys: 6 }\nmaxreplicationpack: 7"
    ).limits
    #expect(limits.headersDeadline == .milliseconds(1500) && limits.bodyDeadline == .milliseconds(1500))
    #expect(limits.answerDeadline == .seconds(2) && limits.idleDeadline == .seconds(3))
    #expect(limits.headerBlock == 2048 && limits.body == 3072 && limits.connections == 4)
    #expect(limits.connectionsOfAddress == 5 && limits.unknownKeys == 6 && limits.pack == 7)
    let standard = try options("").limits
    #expect(standard.headersDeadline == .seconds(5) && standard.bodyDeadline == .seconds(10) && standard.answerDeadline == .seconds(30))
    #expect(standard.connectionsOfAddress == nil && standard.unknownKeys == nil)
  }

  @Test("of NATS are how it is reached")
  func nats() throws {
    let nats = try options(
      "nats { servers: 'nats://a:1', connecttimeout: 1500, reconnectwait: 2s, usercredentials: c, tls { root: r, cert: s, key: k } }\n"
        + "signrequestsubject: sign\nsignrequesttimeout: 700"
    ).nats
    #expect(nats.servers == ["nats://a:1"] && nats.connectTimeout == .milliseconds(1500))
    #expect(nats.reconnectWait == .seconds(2) ... .seconds(8))
    #expect(nats.credentialsFile == "c" && nats.certificateAuthorityFile == "r")
    #expect(nats.clientCertificateFile == "s" && nats.clientKeyFile == "k")
    #expect(nats.signRequestSubject == "sign" && nats.signRequestTimeout == .milliseconds(700))
    #expect(try options("nats { reconnectwait: 20s }").nats.reconnectWait == .seconds(20) ... .seconds(20))
  }
}
