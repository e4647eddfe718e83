/// Waits until a condition holds, with a generous deadline.
///
/// - Throws: ``NeverHappened`` when it does not.
public func eventually(
  _ what: @autoclosure () -> String, within seconds: Int = 60, _ condition: () async throws -> Bool
) async throws {
  let deadline = ContinuousClock.now + .seconds(seconds)
  while try await !condition() {
    guard ContinuousClock.now < deadline else { throw NeverHappened(what: what()) }
    try await Task.sleep(for: .milliseconds(5))
  }
}

/// Looks again and again whether a condition goes on holding, where nothing tells that it will never end.
///
/// - Throws: ``DidNotStay`` when it ends.
public func stays(_ what: String, for duration: Duration, _ condition: () async throws -> Bool) async throws {
  let end = ContinuousClock.now + duration
  repeat {
    guard try await condition() else { throw DidNotStay(what: what) }
    try await Task.sleep(for: .milliseconds(5))
  } while ContinuousClock.now < end
}

/// A condition that ended.
public struct DidNotStay: Error, CustomStringConvertible {
  let what: String

  /// What was to stay.
  public var description: String { "did not stay: \(what)" }
}

/// A condition that did not come true.
public struct NeverHappened: Error, CustomStringConvertible {
  let what: String

  /// What was waited for.
  public var description: String { "never happened: \(what)" }
}
