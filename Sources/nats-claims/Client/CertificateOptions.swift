import ArgumentParser

/// The options that say whom a command trusts over TLS, and what it shows.
struct CertificateOptions: ParsableArguments {
  @Option(name: .customLong("ca"), help: "The certificates (PEM) that the server is checked with.", completion: .file())
  var authority: String?

  @Option(name: .customLong("cert"), help: "The certificate (PEM) to show.", completion: .file())
  var certificate: String?

  @Option(name: .customLong("cert-key"), help: "The key (PEM) of the certificate to show.", completion: .file())
  var certificateKey: String?

  func validate() throws {
    if (certificate == nil) != (certificateKey == nil) { throw ValidationError("--cert and --cert-key go together") }
  }

  /// The same for a server over HTTP.
  var trust: ClientTrust { ClientTrust(authority: authority, certificate: certificate, key: certificateKey) }
}
