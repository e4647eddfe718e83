import Foundation
import Glibc
import TestSupport

/// A command that runs to its end.
struct Command {
  /// What came of it.
  struct Result {
    let ending: ChildProcess.Ending
    let output: String
    let errors: String

    var succeeded: Bool { ending == .exited(0) }
    var lines: [String] { output.split(separator: "\n").map(String.init) }
  }

  var tool: Tool
  var arguments: [String]
  var folder: String?
  var environment: [String: String] = [:]
  var input: String?

  /// Runs `nats-claims`.
  static func claims(_ arguments: String..., folder: String? = nil, input: String? = nil) async throws -> Result {
    try await Command(tool: .claims, arguments: arguments, folder: folder, input: input).run()
  }

  /// Runs a line in a shell that finds `nats-claims`.
  static func shell(_ line: String, folder: String) async throws -> Result {
    let programs = (try Tool.claims.path as NSString).deletingLastPathComponent
    let path = "\(programs):\(ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")"
    return try await Command(tool: .shell, arguments: ["-c", line], folder: folder, environment: ["PATH": path]).run()
  }

  func run() async throws -> Result {
    var launch = ChildProcess.Launch(executable: try tool.path)
    launch.arguments = arguments
    launch.folder = folder
    launch.environment = environment
    launch.leadsGroup = true
    if let input {
      launch.input = open(try Stage.required.file("input", input), O_RDONLY | O_CLOEXEC)
    }
    defer { if let input = launch.input { close(input) } }
    let process = try ChildProcess(launch)
    let ending = try await process.wait()
    return Result(ending: ending, output: process.output, errors: process.errors)
  }
}
