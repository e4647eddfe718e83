import Claims
import ClaimsTestSupport
import Foundation
import Glibc
import Nkeys
import Synchronization
import TestSupport

/// A real nats-server in operator mode, on a port that stays its own while it is down.
final class NATSServer: Sendable {
  /// Where the server finds account claims.
  enum Resolver: Sendable {
    /// Over HTTP. Such a server exits at its start when nobody answers.
    case url(port: Int)
    /// In memory, with these to begin with.
    case memory([(AccountKey, Token)])

    /// In a directory of its own, which it takes over as it is.
    case full(directory: String)
    /// The same, which obeys delete claims.
    case deleting(directory: String)
    /// In a directory that holds what it asked others for; with these to begin with.
    case cache(directory: String, [(AccountKey, Token)])

    private static func preload(_ accounts: [(AccountKey, Token)]) -> String {
      "resolver_preload: {\n\(accounts.map { "\($0): \($1.text)" }.joined(separator: "\n"))\n}"
    }

    fileprivate var lines: String {
      switch self {
      case .url(let port):
        return "resolver: URL(\"http://127.0.0.1:\(port)/jwt/v1/accounts/\")"
      case .full(let directory):
        return "resolver: { type: full, dir: \"\(directory)\", allow_delete: false, interval: \"2m\" }"
      case .deleting(let directory):
        return "resolver: { type: full, dir: \"\(directory)\", allow_delete: true, interval: \"2m\" }"
      case .cache(let directory, let preloaded):
        return "resolver: { type: cache, dir: \"\(directory)\", ttl: \"1h\" }\n\(Self.preload(preloaded))"
      case .memory(let preloaded):
        return "resolver: MEMORY\n\(Self.preload(preloaded))"
      }
    }
  }

  /// Its name.
  let name: String
  private let version: NATSServerVersion
  private let configuration: String
  private let port: ReservedPort
  private let reserved: ReservedPort?
  private let process = Mutex<ChildProcess?>(nil)
  private let exits = Mutex(0)

  /// Settles a server of this operator; it runs when it is started.
  convenience init(
    _ version: NATSServerVersion, _ organisation: Organisation, resolver: Resolver, name: String = "test", extra: String = "",
    keeping reserved: ReservedPort? = nil
  ) throws {
    try self.init(
      version, name: name, keeping: reserved,
      configuration: """
        operator: \(organisation.authority.token.text)
        system_account: \(organisation.authority.system.publicKey)
        \(resolver.lines)
        \(extra)
        """)
  }

  /// Settles a server with a configuration that says nothing of its address.
  ///
  /// `reserved` is another port that its configuration names, and that stays its own.
  init(
    _ version: NATSServerVersion, name: String = "test", keeping reserved: ReservedPort? = nil, configuration: String,
    port: ReservedPort? = nil
  ) throws {
    self.reserved = reserved
    let port = try port ?? ReservedPort()
    self.name = name
    self.version = version
    self.port = port
    self.configuration = try Stage.required.file(
      "nats-server.conf", "listen: \"127.0.0.1:\(port.number)\"\nserver_name: \(name)\n\(configuration)\n")
  }

  var url: String { "nats://127.0.0.1:\(port.number)" }

  /// The URL with a login in it.
  func url(user: String, password: String) -> String { "nats://\(user):\(password)@127.0.0.1:\(port.number)" }

  /// What it logged since its last start.
  var log: String { process.withLock { $0?.errors ?? "" } }

  /// How often it ended before it was ready.
  var failedStarts: Int { exits.withLock { $0 } }

  /// Starts it, as a supervisor would: again and again until it stays.
  func start(within seconds: Int = 60) async throws {
    try await eventually("nats-server is ready", within: seconds) {
      let running = try running()
      if running.errors.contains("Server is ready") { return true }
      if running.ending != nil {
        exits.withLock { $0 += 1 }
        process.withLock { $0 = nil }
      }
      return false
    }
  }

  /// Kills it.
  func kill() async throws {
    let running = process.withLock { process in
      defer { process = nil }
      return process
    }
    try await running?.end()
  }

  /// Asks it to stop, with a signal: SIGTERM, or SIGUSR2 to send its clients away first.
  func ask(with signal: Int32) { process.withLock { $0?.signal(signal) } }

  /// Stops it in its tracks: it keeps its connections and does nothing.
  func pause() { process.withLock { $0?.signal(SIGSTOP) } }

  /// Lets it go on.
  func resume() { process.withLock { $0?.signal(SIGCONT) } }

  private func running() throws -> ChildProcess {
    let path = try version.path
    return try process.withLock { process in
      if let process { return process }
      var launch = ChildProcess.Launch(executable: path)
      launch.arguments = ["-D", "-c", configuration]
      let started = try ChildProcess(launch)
      process = started
      return started
    }
  }
}
