import ArgumentParser
import ServerConfig

/// The option that names the account server.
struct ServerOption: ParsableArguments {
  @Option(name: [.customLong("url"), .customShort("u")], help: "The account server.")
  var url = "http://\(ServerDefaults.address)"

  func client() throws -> ServerClient { try ServerClient(url) }
}
