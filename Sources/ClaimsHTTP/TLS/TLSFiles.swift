import NIOSSL

/// The files that a server over TLS is known by, and whom it asks for certificates.
public struct TLSFiles: Sendable, Hashable {
  /// Whether clients show certificates.
  public enum ClientCertificates: String, Sendable, Hashable, CaseIterable {
    /// They are not asked.
    case none
    /// They may show one; a foreign one ends the handshake.
    case optional
    /// They must show one.
    case required
  }

  /// The server's certificate, in PEM, with those between it and the authority behind it.
  public var certificate: String
  /// Its key, in PEM.
  public var key: String
  /// The authorities that sign clients' certificates, in PEM.
  public var clientAuthority: String?
  /// Whether clients show certificates.
  public var clientCertificates: ClientCertificates

  /// Names the files.
  public init(certificate: String, key: String, clientAuthority: String? = nil, clientCertificates: ClientCertificates = .none) {
    self.certificate = certificate
    self.key = key
    self.clientAuthority = clientAuthority
    self.clientCertificates = clientCertificates
  }

  /// The files' paths.
  var paths: [String] { [certificate, key] + (clientAuthority.map { [$0] } ?? []) }

  /// Reads the files: TLS 1.2 or newer.
  func context() throws(AccessError) -> NIOSSLContext {
    let chain = try Self.reading(certificate, "a certificate in PEM") { try NIOSSLCertificate.fromPEMFile(certificate) }
    let privateKey = try Self.reading(key, "a key in PEM") { try NIOSSLPrivateKey(file: key, format: .pem) }
    guard !chain.isEmpty else { throw AccessError("\(certificate) holds no certificate in PEM") }
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(privateKey))
    configuration.minimumTLSVersion = .tlsv12
    configuration.applicationProtocols = ["http/1.1"]
    if clientCertificates != .none {
      guard let clientAuthority else { throw AccessError("client certificates are asked for, but no authority that signs them is named") }
      let authorities = try Self.reading(clientAuthority, "certificates in PEM") { try NIOSSLCertificate.fromPEMFile(clientAuthority) }
      configuration.trustRoots = .certificates(authorities)
      configuration.certificateVerification = clientCertificates == .required ? .noHostnameVerification : .optionalVerification
    }
    return try Self.reading(certificate, "a certificate that belongs to the key \(key)") { try NIOSSLContext(configuration: configuration) }
  }

  private static func reading<Value>(_ file: String, _ what: String, _ read: () throws -> Value) throws(AccessError) -> Value {
    do {
      return try read()
    } catch {
      throw AccessError("\(file) cannot be read as \(what): \(error)")
    }
  }
}
