import ClaimsTestSupport
import Foundation
import TestSupport
import Testing

@testable import ClaimsNATS

@Suite("TLS to a real nats-server")
struct TLSTests {
  /// A certificate authority, and a server's certificate for 127.0.0.1 by it.
  private struct Certificates {
    struct Failure: Error {}

    let folder = try? TemporaryFolder()
    let path: String

    init(name: String = "127.0.0.1", alternative: String = "IP:127.0.0.1") throws {
      guard let folder else { throw Failure() }
      path = folder.path
      try folder.write("subjectAltName=\(alternative)\n", to: "ext")
      try openssl("req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=test-ca")
      try openssl("req -newkey rsa:2048 -nodes -keyout server.key -out server.csr -subj /CN=\(name)")
      try openssl("x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out server.pem -days 2 -extfile ext")
    }

    private func openssl(_ arguments: String) throws {
      var launch = SpawnedProcess.Launch(executable: "/usr/bin/env")
      launch.arguments = ["openssl"] + arguments.split(separator: " ").map(String.init)
      launch.folder = path
      guard try SpawnedProcess(launch).waitBlocking() == .exited(0) else { throw Failure() }
    }

    var serverSettings: String { "tls { cert_file: \"\(path)/server.pem\", key_file: \"\(path)/server.key\", timeout: 5 }" }
    var authority: String { path + "/ca.pem" }
  }

  private func connect(_ url: String, authority: String? = nil) async throws -> any NATSConnection {
    let options = NATSOptions(servers: [url], certificateAuthorityFile: authority, connectTimeout: .seconds(10))
    return try await CNATSConnector(options: options).connect(to: ServerAddress(url)) { _ in }
  }

  @Test("a server whose certificate our authority signed is trusted", arguments: ["tls", "nats"])
  func trusted(scheme: String) async throws {
    let certificates = try Certificates()
    let server = try await NATSServerProcess(certificates.serverSettings)
    let connection = try await connect(server.url(scheme: scheme), authority: certificates.authority)
    let message = Publication(subject: "s", replyToken: "t", payload: [1])
    #expect(try await connection.publish([message], within: .seconds(5)) == [.sent])
    await connection.close()
  }

  @Test("a server whose certificate another authority signed is refused, with the reason")
  func untrusted() async throws {
    let certificates = try Certificates()
    let others = try Certificates()
    let server = try await NATSServerProcess(certificates.serverSettings)
    await #expect(throws: NATSError.of(.tls)) { try await connect(server.url(), authority: others.authority) }
    await #expect(throws: NATSError.of(.tls)) { try await connect(server.url(scheme: "tls")) }
    await #expect(throws: NATSError.of(.tls), "TLS that the server asks for is checked too") { try await connect(server.url()) }
  }

  @Test("a certificate for another name is refused")
  func otherName() async throws {
    let certificates = try Certificates(name: "other.example", alternative: "DNS:other.example")
    let server = try await NATSServerProcess(certificates.serverSettings)
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
