import ClaimsTestSupport
import Foundation
import Glibc
import Synchronization
import TestSupport

/// The Python process that holds a test's NATS clients, spoken to in JSON lines (see `Python/client.py`).
final class PythonClients: Sendable {
  /// What happened to a client by itself.
  struct Event: Sendable, Decodable {
    let client: String
    let event: String
    let text: String
    var subject: String?
    var headers: Bool?
  }

  private struct Answer: Decodable {
    let id: Int
    let ok: [String: String]?
    let error: String?
  }

  private struct State {
    var lastCommand = 0
    var answers: [Int: Answer] = [:]
    var events: [Event] = []
  }

  private let process: ChildProcess
  private let descriptor: Int32
  private let state = Mutex(State())
  private let unread = Mutex<[UInt8]>([])

  init() throws {
    var pair: [Int32] = [0, 0]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &pair) == 0 else {
      throw SetupError.call("socketpair")
    }
    defer { close(pair[1]) }
    descriptor = pair[0]
    let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(path: "Python/client.py")
    var launch = ChildProcess.Launch(executable: try Tool.python.path)
    launch.arguments = ["-u", "-B", script.path(percentEncoded: false)]
    launch.input = pair[1]
    launch.output = pair[1]
    process = try ChildProcess(launch)
  }

  deinit {
    close(descriptor)
  }

  /// What happened to a client so far.
  func events(of client: String) throws -> [Event] {
    try read()
    return state.withLock { $0.events.filter { $0.client == client } }
  }

  /// Sends a command and waits for its answer.
  ///
  /// - Throws: ``NATSClientError`` when the client says no.
  func command(_ what: String, client: String, _ facts: [String: String] = [:]) async throws -> [String: String] {
    let identifier = state.withLock { state in
      state.lastCommand += 1
      return state.lastCommand
    }
    try write(["id": identifier, "client": client, "do": what].merging(facts) { first, _ in first })
    var answer: Answer?
    try await eventually("the Python client answers to \(what)", within: 60) {
      try read()
      answer = state.withLock { $0.answers.removeValue(forKey: identifier) }
      return answer != nil
    }
    if let error = answer?.error { throw NATSClientError(error) }
    return answer?.ok ?? [:]
  }

  private func write(_ command: [String: Any]) throws {
    var bytes = try JSONSerialization.data(withJSONObject: command)
    bytes.append(UInt8(ascii: "\n"))
    let count = bytes.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    guard count == bytes.count else { throw SetupError("the Python client does not listen: \(process.errors)") }
  }

  /// Takes what has arrived, without waiting.
  private func read() throws {
    try unread.withLock { unread in
      var bytes = [UInt8](repeating: 0, count: 65_536)
      while case let count = recv(descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT)), count != -1 {
        guard count > 0 else { throw SetupError("the Python client ended: \(process.errors)") }
        unread += bytes[..<count]
      }
      while let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
        try take(Data(unread[..<end]))
        unread.removeFirst(end + 1)
      }
    }
  }

  private func take(_ line: Data) throws {
    let decoder = JSONDecoder()
    do {
      let answer = try decoder.decode(Answer.self, from: line)
      state.withLock { $0.answers[answer.id] = answer }
    } catch {
      let event = try decoder.decode(Event.self, from: line)
      state.withLock { $0.events.append(event) }
    }
  }
}

/// What a NATS client says no with.
struct NATSClientError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}
