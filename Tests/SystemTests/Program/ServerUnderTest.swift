import Claims
import ClaimsTestSupport
import Foundation
import Glibc
import TestSupport

/// A running `nats-claims serve`.
struct ServerUnderTest: Sendable {
  /// How it is started.
  struct Options: Sendable {
    /// The directory; nil to leave it and the operator to the program.
    var directory: String?
    var operatorFiles: [String] = []
    /// A port that stays the server's own between two starts; without it any free one.
    var reserved: ReservedPort?
    var nats: [String] = []
    var credentials: String?
    var extra: [String] = []
    var folder: String?
    /// What runs the program, instead of nothing.
    var tracer: [String] = []
    var environment: [String: String] = [:]

    init() {}

    /// A server of this organisation, on its own or a given directory.
    init(_ organisation: Organisation, directory: String? = nil) throws {
      self.directory = try directory ?? organisation.directory()
      operatorFiles = [organisation.operatorFile]
    }

    /// The same, connected to a nats-server.
    func announcing(to server: NATSServer, as credentials: String) -> Options {
      var options = self
      options.nats = [server.url]
      options.credentials = credentials
      return options
    }

    fileprivate var arguments: [String] {
      var arguments = ["serve", "-hp", "127.0.0.1:\(reserved?.number ?? 0)"]
      if let directory { arguments += ["-dir", directory] }
      for file in operatorFiles { arguments += ["-operator", file] }
      if !nats.isEmpty { arguments += ["-nats", nats.joined(separator: ",")] }
      if let credentials { arguments += ["-creds", credentials] }
      return arguments + extra
    }
  }

  let options: Options
  let process: ChildProcess
  let port: Int

  /// Starts the program and waits until it listens.
  init(_ options: Options) async throws {
    self.options = options
    process = try Self.launch(options)
    port = try await Self.port(of: process)
  }

  /// Starts a server of this organisation with a directory of its own.
  init(_ organisation: Organisation) async throws {
    try await self.init(Options(organisation))
  }

  var http: HTTPClient { HTTPClient(port: port) }

  var log: String { process.errors }

  /// Starts the program without waiting.
  static func launch(_ options: Options) throws -> ChildProcess {
    let command = options.tracer + [try Tool.claims.path] + options.arguments
    var launch = ChildProcess.Launch(executable: command[0])
    launch.arguments = Array(command.dropFirst())
    launch.folder = options.folder
    launch.environment = options.environment
    launch.leadsGroup = !options.tracer.isEmpty
    return try ChildProcess(launch)
  }

  /// Kills it, as a power cut would.
  func kill() async throws {
    process.signal(SIGKILL)
    try await process.wait()
  }

  /// Asks it to stop, and waits.
  func stop() async throws -> ChildProcess.Ending {
    process.signal(SIGTERM)
    return try await process.wait()
  }

  /// The value of a series on `/metrics`; nil when there is none.
  func metric(_ series: String) async throws -> Int? {
    let lines = try await http.get("/metrics").text.split(separator: "\n")
    return lines.first { $0.hasPrefix(series + " ") }.flatMap { Int($0.dropFirst(series.count + 1)) }
  }

  /// Waits until it can announce.
  func isConnected() async throws {
    try await eventually("nats-claims is connected to NATS") { try await metric("nats_claims_nats_connected") == 1 }
  }

  /// Pushes a token that must be taken.
  func store(_ token: Token, of account: TestAccount) async throws {
    let answer = try await http.push(token, to: account.key)
    guard answer.status == 200 else { throw SetupError("a push was refused: \(answer.status) \(answer.text)") }
  }

  /// The claims that the file of an account holds; nil when there is none.
  func file(of account: AccountKey) -> [UInt8]? {
    FileManager.default.contents(atPath: "\(options.directory ?? "store")/\(account).jwt").map { Array($0) }
  }

  private static func port(of process: ChildProcess) async throws -> Int {
    var port: Int?
    try await eventually("nats-claims listens", within: 60) {
      if let ending = process.ending { throw SetupError("nats-claims ended (\(ending)) before it listened: \(process.errors)") }
      let line = process.output.split(separator: "\n").first { $0.contains(" listens on http") }
      port = line.flatMap { $0.split(separator: ":").last }.flatMap { Int($0) }
      return port != nil
    }
    guard let port else { throw SetupError("nats-claims does not listen") }
    return port
  }
}
