import Logging

/// The server's log on standard error.
enum ServerLog {
  /// A log at a level.
  static func make(_ level: Logger.Level) -> Logger {
    var logger = Logger(label: "nats-claims", factory: { LineLogHandler(label: $0, output: .standardError) })
    logger.logLevel = level
    return logger
  }

  /// A log of warnings and errors, for commands.
  static var quiet: Logger { make(.warning) }
}
