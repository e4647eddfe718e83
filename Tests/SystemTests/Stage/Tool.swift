import Foundation
import TestSupport

/// The programs that the tests start. One that is missing fails the test that needs it, with the package to install.
enum Tool: String, Sendable {
  case claims = "nats-claims"
  case python = "python3"
  case schemathesis
  case promtool
  case systemdAnalyze = "systemd-analyze"
  case curl
  case strace
  case shell = "sh"
  case mount
  case unmount = "umount"
  /// The library of `Tests/FaultInjection`.
  case faults = "libFaultInjection.so"

  /// The package's folder.
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// Where the program is.
  var path: String {
    get throws {
      guard let found = candidates.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
        throw SetupError("\(rawValue) is missing: \(advice)")
      }
      return found
    }
  }

  private var candidates: [String] {
    switch self {
    case .claims: Self.named("NATS_CLAIMS_BINARY") ?? Self.besideTests(rawValue) + [Self.built(".build/debug/nats-claims")]
    case .faults: Self.besideTests(rawValue) + [Self.built(".build/debug/libFaultInjection.so")]
    case .python: Self.named("NATS_CLAIMS_PYTHON") ?? [Self.built(".build/python/bin/python3")]
    case .schemathesis: Self.named("NATS_CLAIMS_SCHEMATHESIS") ?? [Self.built(".build/python/bin/schemathesis")]
    case .curl, .strace, .shell, .mount, .unmount, .promtool, .systemdAnalyze: Self.inPath(rawValue)
    }
  }

  private var advice: String {
    switch self {
    case .claims: "build it with `swift build`"
    case .python: "run `Scripts/bootstrap test`, which installs nats-py into .build/python"
    case .schemathesis: "run `Scripts/bootstrap test`, which installs it into .build/python"
    case .promtool: "install the Debian package prometheus"
    case .systemdAnalyze: "install the Debian package systemd"
    case .curl, .strace: "install the Debian package \(rawValue)"
    case .shell: "install the Debian package dash"
    case .mount, .unmount: "install the Debian package mount"
    case .faults: "build it with `swift build --product FaultInjection`"
    }
  }

  /// The file that an environment variable names; nil when it names none.
  static func named(_ variable: String) -> [String]? {
    ProcessInfo.processInfo.environment[variable].flatMap { $0.isEmpty ? nil : [$0] }
  }

  /// A file under the package's folder.
  static func built(_ path: String) -> String { root.appending(path: path).path(percentEncoded: false) }

  static func inPath(_ name: String) -> [String] {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return (path.split(separator: ":").map(String.init) + ["/usr/bin", "/bin", "/usr/sbin"]).map { "\($0)/\(name)" }
  }

  /// Programs lie beside the test bundle, which is an argument of the program that runs it, or that program itself.
  private static func besideTests(_ name: String) -> [String] {
    CommandLine.arguments.filter { $0.contains(".xctest") }.map { argument in
      let bundle = argument.components(separatedBy: ".xctest")[0]
      return (bundle as NSString).deletingLastPathComponent + "/\(name)"
    }
  }
}
