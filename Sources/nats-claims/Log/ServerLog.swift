import Glibc
import Logging
import ServerConfig

/// The server's log: where it goes, how it looks, and the logger that writes it.
struct ServerLog: Sendable {
  let settings: LogSettings
  let output: LogOutput
  /// The file it goes to; nil for standard error.
  let file: String?

  /// The log that a configuration asks for.
  init(_ options: ServerOptions) throws {
    file = options.logFile
    output = if let file { try LogOutput(file: file) } else { .standardError }
    settings = LogSettings(options.log)
  }

  /// A logger of this log.
  var logger: Logger { Logger(label: "nats-claims") { _ in LineLogHandler(settings: settings, output: output) } }

  /// A log of warnings and errors on standard error, for commands.
  static var quiet: Logger {
    var values = LogSettings.Values()
    values.level = .warning
    let settings = LogSettings(values)
    return Logger(label: "nats-claims") { _ in LineLogHandler(settings: settings, output: .standardError) }
  }
}

extension ServerOptions {
  /// Level and style of the log.
  var log: LogSettings.Values {
    var values = LogSettings.Values()
    values.level = logsTrace ? .trace : logsDebug ? .debug : logLevel.level
    values.style.isJSON = logFormat == .json
    values.style.showsProcess = logsProcess
    values.style.showsTime = logsTime
    values.style.isColoured = logsColours && logFile == nil && isatty(STDERR_FILENO) == 1
    return values
  }
}

extension LogLevel {
  fileprivate var level: Logger.Level {
    switch self {
    case .trace: .trace
    case .debug: .debug
    case .info: .info
    case .warning: .warning
    case .error: .error
    }
  }
}
