@testable import ClaimsNATS

extension NATSError {
  /// An error to compare with: errors are equal by code.
  static func of(_ code: Code) -> NATSError { NATSError(code, "") }
}
