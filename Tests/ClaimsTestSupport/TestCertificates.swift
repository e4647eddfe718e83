import Glibc
import TestSupport

/// A certificate authority of its own, and certificates by it: a server's and a client's. The files are gone with it.
public final class TestCertificates: Sendable {
  /// Why there are none.
  public struct Failure: Error, CustomStringConvertible {
    /// What openssl said.
    public let description: String
  }

  private let folder: TemporaryFolder
  /// The folder of the files.
  public var path: String { folder.path }
  /// The authority's certificate.
  public var authority: String { "\(path)/ca.pem" }
  /// The server's certificate.
  public var server: String { "\(path)/server.pem" }
  /// The key of the server's certificate.
  public var serverKey: String { "\(path)/server.key" }
  /// The client's certificate.
  public var client: String { "\(path)/client.pem" }
  /// The key of the client's certificate.
  public var clientKey: String { "\(path)/client.key" }

  /// Makes them; the server's is for `name`.
  public init(name: String = "127.0.0.1", alternative: String = "IP:127.0.0.1") throws {
    folder = try TemporaryFolder()
    try openssl("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=test-ca")
    try issue("server", name: name, alternative: alternative)
    try issue("client", name: "client", alternative: "DNS:client")
  }

  /// Issues a certificate, in the place of the one before.
  public func issue(_ file: String, name: String = "127.0.0.1", alternative: String = "IP:127.0.0.1") throws {
    try folder.write("subjectAltName=\(alternative)\n", to: "\(file).ext")
    try openssl("req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout \(file).new.key -out \(file).csr -subj /CN=\(name)")
    try openssl("x509 -req -in \(file).csr -CA ca.pem -CAkey ca.key -CAcreateserial -out \(file).new.pem -days 2 -extfile \(file).ext")
    for ending in ["key", "pem"] {
      guard rename("\(path)/\(file).new.\(ending)", "\(path)/\(file).\(ending)") == 0 else { throw Failure(description: "rename \(file)") }
    }
  }

  /// What a nats-server is configured with to show the server's certificate.
  public var natsSettings: String { "tls { cert_file: \"\(server)\", key_file: \"\(serverKey)\", timeout: 5 }" }

  private func openssl(_ arguments: String) throws {
    var launch = SpawnedProcess.Launch(executable: "/usr/bin/env")
    launch.arguments = ["openssl"] + arguments.split(separator: " ").map(String.init)
    launch.folder = path
    guard try SpawnedProcess(launch).waitBlocking() == .exited(0) else { throw Failure(description: "openssl \(arguments) ended badly") }
  }
}
