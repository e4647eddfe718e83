/// Waits until a condition holds, with a generous deadline.
///
/// - Throws: ``NeverHappened`` when it does not.
public func eventually(
  _ what: String, within seconds: Int = 30, _ condition: () async throws -> Bool
) async throws {
  let deadline = ContinuousClock.now + .seconds(seconds)
  while try await !condition() {
    guard ContinuousClock.now < deadline else { throw NeverHappened(what: what) }
    try await Task.sleep(for: .milliseconds(5))
  }
}

/// A condition that did not come true.
public struct NeverHappened: Error, CustomStringConvertible {
  let what: String

  /// What was waited for.
  public var description: String { "never happened: \(what)" }
}
