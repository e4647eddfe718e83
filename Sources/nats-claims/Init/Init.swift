import ArgumentParser
import ClaimsRegistry
import Logging
import ServerConfig

/// `nats-claims init`
struct Init: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make a local operator with a signing key, its system account, and a system user's creds.",
    discussion: """
      The keys lie in the key store in nsc's layout, the operator's token in KEYS/operator.jwt; the system account's claims go to the store.

      Examples:
        nats-claims init
        nats-claims init --keys /etc/nats-claims/keys -dir /var/lib/nats-claims --name ACME -hp 10.0.0.1:9090
      """)

  @Option(help: "The folder of the keys.", completion: .directory)
  var keys = ServerDefaults.keys

  @Option(
    name: [.customLong("dir", withSingleDash: true), .customLong("dir")], help: "The directory of the claims.", completion: .directory)
  var directory = ServerDefaults.directory

  @Option(help: "The operator's name.")
  var name = ServerDefaults.operatorName

  @Option(name: [.customLong("hp", withSingleDash: true), .customLong("hp")], help: "Where the server will answer, HOST:PORT.")
  var address = ServerDefaults.address

  /// The name names a folder of the key store.
  func validate() throws {
    guard !name.contains("/"), !name.hasPrefix(".") else {
      throw ValidationError("the operator's name is a folder's name too: it cannot hold a slash or begin with a dot")
    }
  }

  func run() async throws {
    let keyStore = KeyStore(path: keys)
    guard !FileSystemQuestion.exists(keyStore.operatorFile) else {
      throw CommandFailure(
        "\(keyStore.operatorFile) exists: an operator is set up here; remove the file, or choose another folder with --keys")
    }
    let made = try await LocalOperator(keys: keyStore, directory: directory, name: name, address: address).make(logger: ServerLog.quiet)
    let `operator` = try TrustedOperator(file: keyStore.operatorFile)
    let welcome = Welcome(trusted: `operator`, keys: keyStore, credentialsFile: made.credentialsFile)
    for line in welcome.lines(url: "http://\(address)") { Console.print(line) }
  }
}
