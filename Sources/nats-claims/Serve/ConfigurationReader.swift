import Foundation
import ServerConfig

/// Reads the configuration from the file, the environment and the flags, at the start and again on SIGHUP.
struct ConfigurationReader: Sendable {
  /// The file that a flag names; nil for the one that the environment names, if any.
  let file: String?
  let flags: [ServerConfiguration.Flag]

  func read() throws(CommandFailure) -> ServerConfiguration {
    let environment = ProcessInfo.processInfo.environment
    let file = file ?? environment[ServerConfiguration.fileVariable].flatMap { $0.isEmpty ? nil : $0 }
    do throws(ConfigError) {
      return try ServerConfiguration(file: file, flags: flags, source: ConfigSource(environment: environment))
    } catch {
      throw CommandFailure("\(error)")
    }
  }
}
