import Claims

@testable import ClaimsNATS

/// A server as it tells of itself.
func server(_ name: String) throws -> ServerInfo {
  let object = JSONValue.object([.init("id", .string("N\(name)")), .init("name", .string(name)), .init("ver", .string("2.9.10"))])
  guard let info = ServerInfo(server: object) else { throw SimulationError(description: "no server") }
  return info
}

extension ContinuousClock.Instant {
  /// A fixed time to count from, and so many seconds after it.
  static func at(_ seconds: Double) -> ContinuousClock.Instant { epoch + .milliseconds(Int64(seconds * 1000)) }

  private static let epoch = ContinuousClock.now
}
