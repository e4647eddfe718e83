/// Why a measurement cannot be made.
public struct BenchFailure: Error, CustomStringConvertible {
  /// The reason.
  public let description: String

  /// A failure for a reason.
  public init(_ description: String) { self.description = description }
}
