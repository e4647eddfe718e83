/// What is wrong in a configuration, and where.
public struct ConfigError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Where; nil when no place in a file is to blame, as with an environment variable or a file that cannot be read.
  public let position: ConfigPosition?
  /// What is wrong and what to do.
  public let message: String

  /// Creates an error.
  public init(_ message: String, at position: ConfigPosition?) {
    self.message = message
    self.position = position
  }

  /// The place and the message.
  public var description: String { position.map { "\($0): \(message)" } ?? message }
}
