import Dispatch
import Glibc
import TestSupport

/// A TCP connection to a port of this machine, for requests as they should be and as they should not.
///
/// Its calls block a thread of Dispatch, never one of Swift's few.
actor Connection {
  /// What waiting for bytes came to.
  enum Arrival: Sendable, Equatable {
    case bytes([UInt8])
    /// Closed by the other side, in order or with a reset.
    case closed
    case nothing
  }

  private let descriptor: Int32
  private var buffer: [UInt8] = []

  init(port: Int) async throws {
    descriptor = try await Self.blocking { try Self.connect(port) }
  }

  deinit {
    close(descriptor)
  }

  /// Writes all bytes.
  ///
  /// - Returns: false when the other side closed before it took them.
  @discardableResult
  func send(_ bytes: [UInt8]) async throws -> Bool {
    let descriptor = descriptor
    return try await Self.blocking {
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        if count < 0, errno == EINTR { continue }
        if count < 0, errno == EPIPE || errno == ECONNRESET { return false }
        guard count > 0 else { throw SetupError.call("send") }
        rest = rest.dropFirst(count)
      }
      return true
    }
  }

  /// Writes a text.
  @discardableResult
  func send(_ text: String) async throws -> Bool { try await send(Array(text.utf8)) }

  /// Waits for bytes, those that came before first.
  func receive(within seconds: Double = 30) async throws -> Arrival {
    guard buffer.isEmpty else {
      defer { buffer = [] }
      return .bytes(buffer)
    }
    return try await arrival(within: seconds)
  }

  /// Everything until the other side closes.
  func receiveAll(within seconds: Double = 30) async throws -> [UInt8] {
    var all: [UInt8] = []
    while true {
      switch try await receive(within: seconds) {
      case .bytes(let bytes): all += bytes
      case .closed: return all
      case .nothing: throw SetupError("the connection is not closed after \(seconds) s")
      }
    }
  }

  /// Reads one answer (to a request for the head alone: a head), leaving what follows. Nil when the other side closes without one.
  func answer(toHead head: Bool = false, within seconds: Double = 30) async throws -> HTTPAnswer? {
    while true {
      if let (answer, length) = try HTTPAnswer.parse(buffer, toHead: head, isClosed: false) {
        buffer.removeFirst(length)
        return answer
      }
      switch try await arrival(within: seconds) {
      case .bytes(let bytes): buffer += bytes
      case .nothing: throw SetupError("no answer after \(seconds) s, only \(String(decoding: buffer, as: UTF8.self).debugDescription)")
      case .closed:
        defer { buffer = [] }
        return try HTTPAnswer.parse(buffer, toHead: head, isClosed: true)?.answer
      }
    }
  }

  private func arrival(within seconds: Double) async throws -> Arrival {
    let descriptor = descriptor
    return try await Self.blocking {
      let deadline = ContinuousClock.now + .seconds(seconds)
      var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      var ready: Int32
      repeat {
        ready = poll(&waiting, 1, Int32(max(.zero, ContinuousClock.now.duration(to: deadline)) / .milliseconds(1)))
      } while ready < 0 && errno == EINTR
      if ready == 0 { return .nothing }
      var bytes = [UInt8](repeating: 0, count: 65_536)
      let count = recv(descriptor, &bytes, bytes.count, 0)
      if count == 0 || (count < 0 && errno == ECONNRESET) { return .closed }
      guard count > 0 else { throw SetupError.call("recv") }
      return .bytes(Array(bytes[..<count]))
    }
  }

  private static func connect(_ port: Int) throws -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw SetupError.call("socket") }
    var address = SocketAddress.loopback(port: port)
    guard SocketAddress.with(&address, { Glibc.connect(descriptor, $0, $1) }) == 0 else {
      let error = SetupError.call("connect to port \(port)")
      close(descriptor)
      throw error
    }
    return descriptor
  }

  private static func blocking<R: Sendable>(_ body: @escaping @Sendable () throws -> R) async throws -> R {
    try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async { continuation.resume(with: Result { try body() }) }
    }
  }
}
