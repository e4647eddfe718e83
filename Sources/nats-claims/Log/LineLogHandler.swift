import Logging

/// Writes log events as lines.
struct LineLogHandler: LogHandler {
  var metadata = Logger.Metadata()
  var metadataProvider: Logger.MetadataProvider?
  private var ownLevel: Logger.Level?
  private let settings: LogSettings
  private let output: LogOutput

  init(settings: LogSettings, output: LogOutput) {
    self.settings = settings
    self.output = output
  }

  /// The level of the log, but for a logger that was given its own.
  var logLevel: Logger.Level {
    get { ownLevel ?? settings.current.level }
    set { ownLevel = newValue }
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    var facts = event.metadata ?? [:]
    if !metadata.isEmpty { facts.merge(metadata) { explicit, _ in explicit } }
    if let provided = metadataProvider?.get() { facts.merge(provided) { explicit, _ in explicit } }
    if let error = event.error { facts["error"] = "\(error)" }
    let line = LogLine(
      style: settings.current.style, time: LogTime.now, level: event.level, message: event.message.description,
      facts: facts.sorted { $0.key < $1.key }.map { ($0.key, $0.value.description) })
    // Lines of single changes may wait for a moment; the rest is rare, and is what one looks for after a crash.
    output.add(line.text, isUrgent: event.level >= .notice)
  }
}
