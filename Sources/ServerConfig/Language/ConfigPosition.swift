/// Where something stands in a configuration.
public struct ConfigPosition: Sendable, Hashable, CustomStringConvertible {
  /// The file, as it was named.
  public let file: String
  /// The line, from 1.
  public let line: Int
  /// The character of the line, from 1.
  public let column: Int

  /// Creates a position.
  public init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }

  /// `FILE:LINE:COLUMN`, as compilers print it and editors follow it.
  public var description: String { "\(file):\(line):\(column)" }
}
