import ClaimsTestSupport
import Foundation
import TestSupport
import Testing

@testable import ClaimsNATS

@Suite("TLS to a real nats-server")
struct TLSTests {
  private func connect(_ url: String, authority: String? = nil) async throws -> any NATSConnection {
    let options = NATSOptions(servers: [url], certificateAuthorityFile: authority, connectTimeout: .seconds(10))
    return try await CNATSConnector(options: options).connect(to: ServerAddress(url), listening: []) { _ in }
  }

  @Test("a server whose certificate our authority signed is trusted", arguments: ["tls", "nats"])
  func trusted(scheme: String) async throws {
    let certificates = try TestCertificates()
    let server = try await NATSServerProcess(certificates.natsSettings)
    let connection = try await connect(server.url(scheme: scheme), authority: certificates.authority)
    let message = Publication(subject: "s", replyToken: "t", payload: [1])
    #expect(try await connection.publish([message], within: .seconds(5)) == [.sent])
    await connection.close()
  }

  @Test("a server that asks for a certificate is shown the one that is configured")
  func clientCertificate() async throws {
    let certificates = try TestCertificates()
    let server = try await NATSServerProcess(
      "tls { cert_file: \"\(certificates.server)\", key_file: \"\(certificates.serverKey)\", ca_file: \"\(certificates.authority)\", verify: true }"
    )
    await #expect(throws: NATSError.self) { try await connect(server.url(), authority: certificates.authority) }
    var options = NATSOptions(servers: [server.url()], certificateAuthorityFile: certificates.authority, connectTimeout: .seconds(10))
    options.clientCertificateFile = certificates.client
    options.clientKeyFile = certificates.clientKey
    let address = try ServerAddress(server.url())
    let connection = try await CNATSConnector(options: options).connect(to: address, listening: []) { _ in }
    let message = Publication(subject: "s", replyToken: "t", payload: [1])
    #expect(try await connection.publish([message], within: .seconds(5)) == [.sent])
    await connection.close()
    options.clientKeyFile = certificates.path + "/none.key"
    let connector = CNATSConnector(options: options)
    await #expect(throws: NATSError.self) { _ = try await connector.connect(to: address, listening: []) { _ in } }
  }

  @Test("a server whose certificate another authority signed is refused, with the reason")
  func untrusted() async throws {
    let certificates = try TestCertificates()
    let others = try TestCertificates()
    let server = try await NATSServerProcess(certificates.natsSettings)
    await #expect(throws: NATSError.of(.tls)) { try await connect(server.url(), authority: others.authority) }
    await #expect(throws: NATSError.of(.tls)) { try await connect(server.url(scheme: "tls")) }
    await #expect(throws: NATSError.of(.tls), "TLS that the server asks for is checked too") { try await connect(server.url()) }
  }

  @Test("a certificate for another name is refused")
  func otherName() async throws {
    let certificates = try TestCertificates(name: "other.example", alternative: "DNS:other.example")
    let server = try await NATSServerProcess(certificates.natsSettings)
    await #expect(throws: NATSError.of(.tls)) { try await connect(server.url(), authority: certificates.authority) }
  }

  @Test("a server without TLS is refused when TLS is wanted")
  func plainServer() async throws {
    let server = try await NATSServerProcess("")
    await #expect(throws: NATSError.of(.tls)) { try await connect(server.url(scheme: "tls")) }
  }

  @Test("an authority's file that is not there, or holds none, is named")
  func badFile() async throws {
    let folder = try TemporaryFolder()
    try folder.write("no certificate", to: "bad.pem")
    let server = try await NATSServerProcess("")
    for name in ["missing.pem", "bad.pem"] {
      do {
        _ = try await connect(server.url(), authority: "\(folder.path)/\(name)")
        Issue.record("it connected")
      } catch let error as NATSError {
        #expect(error.code == .certificateAuthority)
        #expect(error.message.contains(name))
      }
    }
  }
}
