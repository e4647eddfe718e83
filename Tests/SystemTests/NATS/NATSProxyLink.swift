import Dispatch
import Foundation
import Glibc
import Synchronization

/// One connection through a ``NATSProxy``: a thread for each direction, and a queue on which everything goes to the server.
final class NATSProxyLink: Sendable {
  private let client: Int32
  private let server: Int32
  private let treat: @Sendable (NATSProxy.Message) -> NATSProxy.Treatment
  private let queue = DispatchQueue(label: "nats-proxy")
  private let cutMark = Atomic(false)

  /// Takes over the client's descriptor, and connects to the server; nil when that fails.
  init?(client: Int32, server port: Int, treat: @escaping @Sendable (NATSProxy.Message) -> NATSProxy.Treatment) {
    self.client = client
    self.treat = treat
    server = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = SocketAddress.loopback(port: port)
    guard server >= 0, SocketAddress.with(&address, { connect(server, $0, $1) }) == 0 else { return nil }
    Thread.detachNewThread { self.passAnswers() }
    Thread.detachNewThread { self.passMessages() }
  }

  deinit {
    close(client)
    close(server)
  }

  var isCut: Bool { cutMark.load(ordering: .relaxed) }

  /// Cuts the connection; the descriptors stay ours until nobody uses them.
  func cut() {
    cutMark.store(true, ordering: .relaxed)
    shutdown(client, Int32(SHUT_RDWR))
    shutdown(server, Int32(SHUT_RDWR))
  }

  private func passAnswers() {
    var bytes = [UInt8](repeating: 0, count: 65_536)
    while let count = Self.read(server, into: &bytes), Self.write(bytes[..<count], to: client) {}
    cut()
  }

  private func passMessages() {
    var stream = NATSClientStream()
    var bytes = [UInt8](repeating: 0, count: 65_536)
    while let count = Self.read(client, into: &bytes) {
      stream.append(bytes[..<count])
      while let part = stream.next() { pass(part) }
    }
    cut()
  }

  private func pass(_ part: NATSClientStream.Part) {
    switch part.message.map(treat) ?? .pass {
    case .pass: send(part.bytes)
    case .drop: break
    case .times(let count): for _ in 0..<count { send(part.bytes) }
    case .after(let delay):
      queue.asyncAfter(deadline: .now() + .milliseconds(Int(delay / .milliseconds(1)))) { _ = Self.write(part.bytes[...], to: self.server) }
    case .cut:
      send(Array(part.bytes.prefix(part.bytes.count / 2)))
      queue.async { self.cut() }
    }
  }

  private func send(_ bytes: [UInt8]) {
    queue.async { _ = Self.write(bytes[...], to: self.server) }
  }

  private static func read(_ descriptor: Int32, into bytes: inout [UInt8]) -> Int? {
    while true {
      let count = recv(descriptor, &bytes, bytes.count, 0)
      if count > 0 { return count }
      guard count < 0, errno == EINTR else { return nil }
    }
  }

  private static func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> Bool {
    var rest = bytes
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard count > 0 || errno == EINTR else { return false }
      rest = rest.dropFirst(max(0, count))
    }
    return true
  }
}

/// What a client sends, cut into its parts: messages as a whole, and whatever else is a line.
struct NATSClientStream {
  struct Part: Sendable {
    let bytes: [UInt8]
    /// Nil for another line.
    let message: NATSProxy.Message?
  }

  private var unread: [UInt8] = []

  mutating func append(_ bytes: ArraySlice<UInt8>) { unread += bytes }

  /// The next part; nil when it has not arrived as a whole.
  mutating func next() -> Part? {
    guard let end = unread.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    let words = String(decoding: unread[..<end], as: UTF8.self).split(whereSeparator: \.isWhitespace)
    guard let verb = words.first?.uppercased(), verb == "PUB" || verb == "HPUB", words.count > 2, let size = Int(words[words.count - 1])
    else { return part(end + 1, message: nil) }
    let headers = verb == "HPUB" ? Int(words[words.count - 2]) ?? 0 : 0
    let whole = end + 1 + size + 2
    guard unread.count >= whole else { return nil }
    return part(whole, message: .init(subject: String(words[1]), payload: Array(unread[(end + 1 + headers)..<(end + 1 + size)])))
  }

  private mutating func part(_ count: Int, message: NATSProxy.Message?) -> Part {
    defer { unread.removeFirst(count) }
    return Part(bytes: Array(unread[..<count]), message: message)
  }
}
