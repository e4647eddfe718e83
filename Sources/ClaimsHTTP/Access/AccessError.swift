/// Why what guards the doors cannot be used.
public struct AccessError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong and what to do.
  public let message: String

  /// Creates an error.
  public init(_ message: String) {
    self.message = message
  }

  /// The message.
  public var description: String { message }
}
