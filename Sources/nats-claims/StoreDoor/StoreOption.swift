import ArgumentParser
import ClaimsStore
import ServerConfig

/// The options that name a store on this machine.
struct StoreOption: ParsableArguments {
  @Option(
    name: [.customLong("dir", withSingleDash: true), .customLong("dir")], help: "The directory of .jwt files.", completion: .directory)
  var directory = ServerDefaults.directory

  @Option(help: "The folder of the program's own state; without it DIR/.nats-claims.", completion: .directory)
  var state: String?

  @Flag(help: "Files lie in sub-folders named by the last two characters of their keys.")
  var sharded = false

  @Option(
    name: [.customLong("operator", withSingleDash: true), .customLong("operator")],
    help: "A trusted operator's token file, when no server runs; without it those that the store noted.", completion: .file())
  var operators: [String] = []

  /// How the store is opened.
  func options() throws -> Store.Options { try .existing(directory: directory, state: state, sharded: sharded) }
}

extension Store.Options {
  /// A store that must be there: a mistyped path must not make one.
  static func existing(directory: String, state: String?, sharded: Bool) throws -> Store.Options {
    let folder = StateFolder(state ?? directory + "/.nats-claims")
    let hasLog: Bool
    do {
      hasLog = try folder.hasLog
    } catch {
      throw CommandFailure("\(folder.path) cannot be read: \(error); run this as the user of the server")
    }
    guard hasLog else {
      throw CommandFailure(
        "\(folder.path) holds no log of nats-claims: name the server's directory, and its --state if it has one elsewhere")
    }
    var options = Store.Options(directory: directory, layout: sharded ? .sharded : .flat)
    options.state = state
    return options
  }
}
