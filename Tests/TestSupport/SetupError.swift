import Glibc

/// What a test needs and cannot have.
public struct SetupError: Error, CustomStringConvertible {
  /// What is missing, or what failed.
  public let description: String

  /// Something a test needs and cannot have.
  public init(_ description: String) {
    self.description = description
  }

  /// The system's text for an error number.
  public static func text(of code: Int32) -> String {
    strerror(code).map { String(cString: $0) } ?? "error \(code)"
  }

  /// A failed system call.
  public static func call(_ name: String) -> SetupError { SetupError("\(name): \(text(of: errno))") }
}
