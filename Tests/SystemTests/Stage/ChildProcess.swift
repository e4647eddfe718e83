import ClaimsTestSupport
import Foundation
import Glibc
import TestSupport

/// A process that a test started: its output goes to files, it can be waited for and ended, and it never outlives its stage.
final class ChildProcess: Sendable {
  typealias Ending = SpawnedProcess.Ending
  typealias Launch = SpawnedProcess.Launch

  let name: String
  private let process: SpawnedProcess
  private let outputFile: String
  private let errorFile: String

  /// Starts a process on the current stage.
  init(_ launch: Launch) throws {
    let stage = try Stage.required
    name = (launch.executable as NSString).lastPathComponent
    (outputFile, errorFile) = stage.logFiles(of: name)
    process = try SpawnedProcess(launch, output: outputFile, errors: errorFile)
    stage.add(self)
  }

  /// The process's number.
  var identifier: pid_t { process.identifier }

  /// How it ended; nil while it runs.
  var ending: Ending? { process.ending }

  /// What it wrote to standard output so far.
  var output: String { Self.text(of: outputFile) }

  /// What it wrote to standard error so far.
  var errors: String { Self.text(of: errorFile) }

  /// Sends a signal, unless the process has ended.
  func signal(_ number: Int32) { process.signal(number) }

  /// Waits for its end.
  @discardableResult
  func wait(within seconds: Int = 60) async throws -> Ending {
    try await eventually("\(name) ends", within: seconds) { ending != nil }
    guard let ending else { throw SetupError("\(name) does not end") }
    return ending
  }

  /// Ends it at once, and whatever it started in its group.
  func end() async throws {
    signal(SIGKILL)
    try await wait()
  }

  private static func text(of file: String) -> String {
    FileManager.default.contents(atPath: file).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}
