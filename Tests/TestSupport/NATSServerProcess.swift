public import Foundation

/// A real nats-server, run for a test in a folder of its own.
///
/// The binary is the one the environment variable `NATS_SERVER` names, else the first in `PATH` or `/usr/sbin`.
public final class NATSServerProcess: Sendable {
  private let process: SpawnedProcess

  /// The folder that holds the server's configuration and log.
  public let folder: URL
  /// The port it listens on.
  public let port: Int

  /// Why a server did not come up.
  public struct Failure: Error, CustomStringConvertible {
    /// What happened, with the server's log where there is one.
    public let description: String
  }

  /// Starts a server and waits until it listens.
  ///
  /// - Parameters:
  ///   - configuration: what the configuration holds besides the port.
  ///   - port: the port to listen on; -1 for any that is free.
  /// - Throws: ``Failure`` when there is no binary, or the server does not listen within 20 seconds.
  public init(_ configuration: String, port: Int = -1) async throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "nats-server-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let text = """
      listen: "127.0.0.1:\(port)"
      ports_file_dir: "\(folder.path)"
      log_file: "\(folder.path)/server.log"
      \(configuration)
      """
    try Data(text.utf8).write(to: folder.appending(path: "server.conf"))
    var launch = SpawnedProcess.Launch(executable: try Self.binary())
    launch.arguments = ["-c", folder.appending(path: "server.conf").path]
    process = try SpawnedProcess(launch)
    self.port = try await Self.port(of: process, in: folder)
  }

  deinit {
    kill()
    try? FileManager.default.removeItem(at: folder)
  }

  /// The URL of the server, with a login in it if wanted.
  public func url(_ login: String = "", scheme: String = "nats") -> String {
    "\(scheme)://\(login.isEmpty ? "" : login + "@")127.0.0.1:\(port)"
  }

  /// Ends the server at once, as a crash does, and waits until it is gone.
  public func kill() {
    process.signal(SIGKILL)
    process.waitBlocking()
  }

  /// Stops the server from running on, without closing its connections, and waits until every thread stands still.
  public func freeze() async throws {
    process.signal(SIGSTOP)
    let threads = URL(filePath: "/proc/\(process.identifier)/task")
    let deadline = ContinuousClock.now + .seconds(90)
    while try !Self.areStopped(threads) {
      guard .now < deadline else { throw Failure(description: "the server does not stand still") }
      try await Task.sleep(for: .milliseconds(5))
    }
  }

  private static func areStopped(_ threads: URL) throws -> Bool {
    try FileManager.default.contentsOfDirectory(atPath: threads.path).allSatisfy { thread in
      let status = try String(contentsOf: threads.appending(path: "\(thread)/stat"), encoding: .utf8)
      return status.split(separator: ")").last?.hasPrefix(" T") ?? false
    }
  }

  /// The server's log.
  public var log: String {
    (try? String(contentsOf: folder.appending(path: "server.log"), encoding: .utf8)) ?? ""
  }

  private static func binary() throws -> String {
    let environment = ProcessInfo.processInfo.environment
    let folders = (environment["PATH"] ?? "").split(separator: ":").map(String.init) + ["/usr/sbin"]
    let candidates = environment["NATS_SERVER"].map { [$0] } ?? folders.map { $0 + "/nats-server" }
    guard let found = candidates.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
      throw Failure(description: "there is no nats-server to test with: install it, or name it in NATS_SERVER (looked at \(candidates))")
    }
    return found
  }

  private static func port(of process: SpawnedProcess, in folder: URL) async throws -> Int {
    struct Ports: Decodable {
      let nats: [URL]
    }
    let file = folder.appending(path: "nats-server_\(process.identifier).ports")
    let deadline = ContinuousClock.now + .seconds(90)
    while process.ending == nil, .now < deadline {
      if let data = try? Data(contentsOf: file), let ports = try? JSONDecoder().decode(Ports.self, from: data),
        let port = ports.nats.first?.port
      {
        return port
      }
      try await Task.sleep(for: .milliseconds(5))
    }
    let log = (try? String(contentsOf: folder.appending(path: "server.log"), encoding: .utf8)) ?? ""
    process.signal(SIGKILL)
    process.waitBlocking()
    throw Failure(description: "nats-server did not come up: \(log)")
  }
}
