/// One thing that validation objects to in claims that decode and verify.
public struct ValidationIssue: Hashable, Sendable, CustomStringConvertible {
  /// How much an issue weighs.
  public enum Level: String, Hashable, Sendable {
    /// The claims cannot be used.
    case error
    /// The claims can be used.
    case warning
    /// The claims cannot be used now; they may have been earlier or may be later.
    case time
  }

  /// How much the issue weighs.
  public let level: Level

  /// The reference's text.
  public let description: String

  /// Whether the claims must be refused whatever the time is.
  public var blocking: Bool { level == .error }

  init(_ level: Level, _ description: String) {
    self.level = level
    self.description = description
  }
}

extension Sequence<ValidationIssue> {
  /// Whether claims with these issues must be refused; time checks count only when they are asked for.
  public func isBlocking(includingTimeChecks: Bool) -> Bool {
    contains { $0.blocking || (includingTimeChecks && $0.level == .time) }
  }
}

/// Collects issues in the order in which they are found.
struct ValidationIssues {
  private(set) var all: [ValidationIssue] = []

  mutating func error(_ description: String) {
    all.append(ValidationIssue(.error, description))
  }

  mutating func errors(_ descriptions: some Sequence<String>) {
    for description in descriptions { error(description) }
  }

  mutating func warning(_ description: String) {
    all.append(ValidationIssue(.warning, description))
  }

  mutating func time(_ description: String) {
    all.append(ValidationIssue(.time, description))
  }
}
