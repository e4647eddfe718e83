import Foundation
import Testing

/// Gives every test of a suite a stage of its own, and lets only a few tests with processes run at a time: tests wait here, not for a machine
/// that is busy with a hundred servers.
struct StageTrait: TestTrait, SuiteTrait, TestScoping {
  private static let turnstile = Turnstile(width: max(3, ProcessInfo.processInfo.activeProcessorCount * 2))

  var isRecursive: Bool { true }

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    await Self.turnstile.enter()
    do {
      try await perform(function)
    } catch {
      await Self.turnstile.leave()
      throw error
    }
    await Self.turnstile.leave()
  }

  private func perform(_ function: @Sendable () async throws -> Void) async throws {
    let stage = try Stage()
    do {
      try await Stage.$current.withValue(stage) { try await function() }
    } catch {
      stage.report()
      try await stage.end()
      throw error
    }
    try await stage.end()
  }
}

extension Trait where Self == StageTrait {
  /// Each test has a stage of its own.
  static var staged: Self { Self() }
}
