import Logging
import Synchronization

/// How a line of the log looks.
struct LogStyle: Sendable, Hashable {
  /// Whether lines are objects of JSON, and not text.
  var isJSON = false
  /// Whether a line of text begins with the number of the process.
  var showsProcess = false
  /// Whether a line of text has the time.
  var showsTime = true
  /// Whether the level of a line of text has its colour.
  var isColoured = false
}

/// The level and style of a log, which may change while it is written.
final class LogSettings: Sendable {
  /// A level and a style.
  struct Values: Sendable, Hashable {
    var level = Logger.Level.info
    var style = LogStyle()
  }

  private let values: Mutex<Values>

  init(_ values: Values) {
    self.values = Mutex(values)
  }

  /// What holds now.
  var current: Values { values.withLock { $0 } }

  /// Sets what holds from now on.
  func set(_ values: Values) { self.values.withLock { $0 = values } }
}
