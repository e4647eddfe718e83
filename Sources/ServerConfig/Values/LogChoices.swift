/// What the log's lines are.
public enum LogFormat: String, Sendable, CaseIterable {
  /// Text as nats-server writes it.
  case text
  /// An object of JSON a line.
  case json
}

/// From which weight on lines are logged.
public enum LogLevel: String, Sendable, CaseIterable {
  /// Everything.
  case trace
  /// What helps to find a fault.
  case debug
  /// What is done.
  case info
  /// What needs attention.
  case warning
  /// What failed.
  case error
}
