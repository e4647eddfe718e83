/// What was found at the path of an operator's token.
public struct OperatorReading: Sendable, Hashable {
  /// What a file holds.
  public enum Content: Sendable, Hashable {
    /// Its text.
    case text(String)
    /// Nothing that could be read, with the reason.
    case unreadable(String)
  }

  /// The file's path, as it was configured.
  public let file: String
  /// What it holds.
  public let content: Content

  /// Creates a reading.
  public init(file: String, content: Content) {
    self.file = file
    self.content = content
  }
}
