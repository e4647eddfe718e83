import Claims
import Foundation
import Glibc
import TestSupport
import Testing

/// An operator's file that a test changes while a server reads it.
struct OperatorFile: Sendable {
  /// How it comes to hold something else.
  enum Change: String, CaseIterable, CustomTestStringConvertible {
    case inPlace = "rewritten in place"
    case renamed = "replaced by rename"
    case linked = "behind a link that leads elsewhere"

    var testDescription: String { rawValue }
  }

  /// The path to give to the server.
  let path: String
  private let folder: String
  private let change: Change

  init(_ token: Token, _ change: Change = .inPlace) throws {
    folder = try Stage.required.newFolder("operator")
    self.change = change
    path = folder + "/operator.jwt"
    guard change == .linked else {
      try token.write(to: path)
      return
    }
    // As secrets are mounted into containers: the file is a link into a folder that is a link itself, and the folder is exchanged.
    try Self.makeVersion(of: token, in: folder, "first")
    try Self.link("first", folder + "/data")
    try Self.link("data/operator.jwt", path)
  }

  /// Puts another token into the file.
  func write(_ token: Token) throws {
    switch change {
    case .inPlace:
      try token.write(to: path)
    case .renamed:
      try token.write(to: path + ".new")
      guard rename(path + ".new", path) == 0 else { throw SetupError("rename: \(errno)") }
    case .linked:
      let name = UUID().uuidString
      try Self.makeVersion(of: token, in: folder, name)
      try Self.link(name, folder + "/new")
      guard rename(folder + "/new", folder + "/data") == 0 else { throw SetupError("rename: \(errno)") }
    }
  }

  private static func makeVersion(of token: Token, in folder: String, _ name: String) throws {
    try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: false)
    try token.write(to: "\(folder)/\(name)/operator.jwt")
  }

  private static func link(_ target: String, _ path: String) throws {
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
  }
}

extension Token {
  /// Writes the token into a file, in place.
  func write(to path: String) throws { try Data(bytes).write(to: URL(filePath: path)) }
}

extension ServerUnderTest {
  /// The lines of its log.
  var logLines: [Substring] { log.split(separator: "\n") }

  /// What `/readyz` warns of, by kind.
  func warnings(_ kind: String) async throws -> [String] {
    struct Readiness: Decodable { let warnings: [String: [String]] }
    let answer = try await http.get("/readyz")
    return try JSONDecoder().decode(Readiness.self, from: Data(answer.body)).warnings[kind] ?? []
  }

  /// The server's token of an operator, as in force now.
  func operatorToken(_ key: String) async throws -> [UInt8] { try await http.get("/jwt/v1/operators/\(key)").body }
}
