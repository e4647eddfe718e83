import ArgumentParser
import ServerConfig

/// The option that names the account server.
struct ServerOption: ParsableArguments {
  @Option(name: [.customLong("url"), .customShort("u")], help: "The account server.")
  var url = "http://\(ServerDefaults.address)"

  @Option(help: "A file with the bearer token to show, on its first line.", completion: .file())
  var tokenFile: String?

  @Option(name: .customLong("ca"), help: "The certificates (PEM) that the server is checked with.", completion: .file())
  var authority: String?

  @Option(name: .customLong("cert"), help: "The certificate (PEM) to show.", completion: .file())
  var certificate: String?

  @Option(name: .customLong("cert-key"), help: "The key (PEM) of the certificate to show.", completion: .file())
  var certificateKey: String?

  func client() throws -> ServerClient {
    if (certificate == nil) != (certificateKey == nil) { throw ValidationError("--cert and --cert-key go together") }
    return try ServerClient(
      url, token: tokenFile.map { try BearerToken(file: $0).text },
      trust: ClientTrust(authority: authority, certificate: certificate, key: certificateKey))
  }
}
