import ArgumentParser
import ServerConfig

/// The option that names the account server.
struct ServerOption: ParsableArguments {
  @Option(name: [.customLong("url"), .customShort("u")], help: "The account server.")
  var url = "http://\(ServerDefaults.address)"

  @Option(help: "A file with the bearer token to show, on its first line.", completion: .file())
  var tokenFile: String?

  @OptionGroup var certificates: CertificateOptions

  func client() throws -> ServerClient {
    try ServerClient(
      url, token: tokenFile.map { try BearerToken(file: $0).text }, trust: certificates.trust)
  }
}
