import NIOSSL

/// Whom a command trusts over TLS, and what it shows.
struct ClientTrust: Sendable, Hashable {
  /// The authorities that the server is checked with, in PEM; nil for the system's.
  var authority: String?
  /// The certificate to show, in PEM.
  var certificate: String?
  /// Its key, in PEM.
  var key: String?

  /// Reads the files.
  func configuration() throws(CommandFailure) -> TLSConfiguration {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.minimumTLSVersion = .tlsv12
    if let authority {
      configuration.trustRoots = .certificates(try Self.reading(authority) { try NIOSSLCertificate.fromPEMFile(authority) })
    }
    if let certificate, let key {
      configuration.certificateChain = try Self.reading(certificate) { try NIOSSLCertificate.fromPEMFile(certificate) }.map {
        .certificate($0)
      }
      configuration.privateKey = .privateKey(try Self.reading(key) { try NIOSSLPrivateKey(file: key, format: .pem) })
    }
    return configuration
  }

  private static func reading<Value>(_ file: String, _ read: () throws -> Value) throws(CommandFailure) -> Value {
    do {
      return try read()
    } catch {
      throw CommandFailure("\(file) cannot be read as PEM: \(error)")
    }
  }
}
