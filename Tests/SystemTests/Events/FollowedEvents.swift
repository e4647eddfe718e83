import Claims
import ClaimsTestSupport
import Glibc
import TestSupport

/// A running `nats-claims events`.
struct FollowedEvents: Sendable {
  let process: ChildProcess

  /// Starts it, and waits until it listens. Its lines go to a descriptor if one is given, and are not among ``lines`` then.
  init(_ arguments: [String], output: Int32? = nil) async throws {
    var launch = ChildProcess.Launch(executable: try Tool.claims.path)
    launch.output = output
    launch.arguments = ["events"] + arguments
    process = try ChildProcess(launch)
    try await eventually("nats-claims listens") {
      if let ending = process.ending { throw SetupError("nats-claims events ended (\(ending)): \(process.errors)") }
      return process.errors.contains("listening to ")
    }
  }

  /// The lines so far; one that is not written to its end is not among them.
  var lines: [String] {
    process.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
  }

  /// The lines so far as JSON.
  var objects: [JSONValue] {
    get throws { try lines.map { try JSONReader().read(Array($0.utf8)) } }
  }

  /// Waits for a line in which all these words are, and returns it.
  @discardableResult
  func shows(_ words: String...) async throws -> String {
    var found: String?
    try await eventually("a line with \(words)") {
      found = lines.first { line in words.allSatisfy { line.contains($0) } }
      return found != nil
    }
    return found ?? ""
  }

  /// Ends it, and tells how it ended.
  func stop(_ signal: Int32 = SIGTERM) async throws -> ChildProcess.Ending {
    process.signal(signal)
    return try await process.wait()
  }
}
