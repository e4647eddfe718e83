import BenchSupport
import Glibc

/// One keep-alive connection with at most one request under way.
final class PushConnection {
  let descriptor: Int32
  private var received: [UInt8] = []
  private var chunk = [UInt8](repeating: 0, count: 4096)
  private(set) var sent = ContinuousClock.now

  init(port: UInt16) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let connected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
    guard connected == 0 else { throw BenchFailure("connect: \(errno)") }
    var on: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
  }

  deinit { close(descriptor) }

  /// Sends a request. The socket blocks: a request is smaller than its buffer.
  func send(_ request: [UInt8]) throws {
    sent = .now
    guard Glibc.send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else {
      throw BenchFailure("send: \(errno)")
    }
  }

  /// The status of the answer; nil until it is whole.
  func answer() throws -> Int? {
    let count = recv(descriptor, &chunk, chunk.count, 0)
    guard count > 0 else { throw BenchFailure("the server closed a connection") }
    received += chunk[..<count]
    // What nearly always comes: the answer to an accepted push has no body.
    if received.starts(with: Self.accepted), received.suffix(4).elementsEqual(Self.end) {
      received.removeAll(keepingCapacity: true)
      return 200
    }
    let text = String(decoding: received, as: UTF8.self)
    guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
    let lines = text[..<end.lowerBound].lowercased().split(separator: "\r\n")
    let length = lines.first { $0.hasPrefix("content-length: ") }.flatMap { Int($0.dropFirst("content-length: ".count)) } ?? 0
    guard text[end.upperBound...].utf8.count >= length else { return nil }
    received.removeAll(keepingCapacity: true)
    return lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
  }

  private static let accepted = Array("HTTP/1.1 200 ".utf8)
  private static let end = Array("\r\n\r\n".utf8)
}
