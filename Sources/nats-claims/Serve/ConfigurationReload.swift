import Logging
import ServerConfig
import Synchronization

/// Reads the configuration again while the server runs, and takes up what can change.
final class ConfigurationReload: Sendable {
  private let started: ServerConfiguration
  private let current: Mutex<ServerConfiguration>
  private let log: ServerLog
  private let reader: ConfigurationReader

  /// Starts from the configuration that the server runs with.
  init(_ configuration: ServerConfiguration, log: ServerLog, reader: ConfigurationReader) {
    started = configuration
    current = Mutex(configuration)
    self.log = log
    self.reader = reader
  }

  /// Opens the log file again and takes up what changed; a configuration with an error changes nothing.
  func run(logger: Logger) {
    if let file = log.file {
      do throws(CommandFailure) {
        try log.output.reopen(file: file)
      } catch {
        logger.error("the log goes on where it was", metadata: ["error": "\(error)"])
      }
    }
    let new: ServerConfiguration
    do throws(CommandFailure) {
      new = try reader.read()
    } catch {
      return logger.error("SIGHUP: the configuration has an error, nothing of it is taken up", metadata: ["error": "\(error)"])
    }
    let old = current.withLock { current in
      defer { current = new }
      return current
    }
    log.settings.set(new.options.log)
    for warning in new.warnings { logger.warning("configuration", metadata: ["problem": "\(warning)"]) }
    for setting in new.changes(from: old) where setting.isReloaded {
      logger.notice("SIGHUP: a changed setting is taken up", metadata: facts(setting, new))
    }
    for setting in new.changes(from: started) where !setting.isReloaded {
      logger.warning("SIGHUP: a changed setting waits for a restart", metadata: facts(setting, new))
    }
  }

  private func facts(_ setting: Setting, _ configuration: ServerConfiguration) -> Logger.Metadata {
    ["key": "\(setting.path)", "origin": "\(configuration.origin(of: setting.path))"]
  }
}
