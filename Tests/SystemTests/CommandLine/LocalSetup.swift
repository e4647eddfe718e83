import Claims
import Foundation
import Nkeys
import TestSupport
import Testing

/// A folder in which `nats-claims init` was run, and a server that serves it.
struct LocalSetup: Sendable {
  let folder: String
  let claims: ServerUnderTest

  init() async throws {
    folder = try Stage.required.newFolder("local")
    let result = try await Command.claims("init", folder: folder)
    guard result.succeeded else { throw SetupError("init failed: \(result.errors)") }
    var options = ServerUnderTest.Options()
    options.folder = folder
    options.directory = folder + "/store"
    options.operatorFiles = [folder + "/keys/operator.jwt"]
    claims = try await ServerUnderTest(options)
  }

  var url: String { "http://127.0.0.1:\(claims.port)" }

  func run(_ arguments: String..., input: String? = nil) async throws -> Command.Result {
    try await Command(tool: .claims, arguments: arguments, folder: folder, input: input).run()
  }

  /// A new account's claims, as `account create` prints them.
  func newAccount(_ name: String) async throws -> (key: AccountKey, token: Token) {
    let result = try await run("account", "create", name)
    let token = Token(try #require(result.lines.first, "\(result.errors)"))
    return (try AccountKey(VerifiedClaims.decode(token).claims.common.sub), token)
  }

  /// An account that the server holds.
  func storedAccount(_ name: String) async throws -> (key: AccountKey, token: Token) {
    let account = try await newAccount(name)
    #expect(try await run("push", "--url", url, "-", input: account.token.text + "\n").succeeded)
    return account
  }
}

/// What lies on disk.
enum Disk {
  /// The permissions of a file or folder.
  static func mode(_ path: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return try #require(attributes[.posixPermissions] as? Int)
  }

  /// Every path below a folder, sorted.
  static func paths(below folder: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: folder).sorted()
  }

  static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }

  static func text(_ path: String) throws -> String {
    try String(contentsOfFile: path, encoding: .utf8)
  }
}
