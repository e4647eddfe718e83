import Dispatch
import Foundation
import Glibc
import Synchronization
import TestSupport

/// Stands between a client and a nats-server, and does to the client's messages what a bad network does: it drops, repeats and delays whole
/// messages, and cuts connections. What the server says passes unchanged.
final class NATSProxy: Sendable {
  /// A message that the client publishes.
  struct Message: Sendable {
    let subject: String
    let payload: [UInt8]
  }

  /// What to do with a message.
  enum Treatment: Sendable, Equatable {
    case pass
    case drop
    /// It passes so many times.
    case times(Int)
    /// It passes later, and others meanwhile.
    case after(Duration)
    /// A part of it passes, then the connection is cut.
    case cut
  }

  private struct State {
    var rule: @Sendable (Message) -> Treatment = { _ in .pass }
    var messages: [Message] = []
    var links: [NATSProxyLink] = []
    var isEnded = false
  }

  private let listener: Int32
  private let server: Int
  private let port: Int
  private let state = Mutex(State())

  /// Listens on a free port until the test ends.
  init(to server: NATSServer) throws {
    guard let port = URLComponents(string: server.url)?.port else { throw SetupError("\(server.url) has no port") }
    self.server = port
    (listener, self.port) = try Self.listen()
    try Stage.required.add(self)
    Thread.detachNewThread { self.accept() }
  }

  var url: String { "nats://127.0.0.1:\(port)" }

  /// What the client published so far, in order; also what did not pass.
  var messages: [Message] { state.withLock { $0.messages } }

  /// From now on this is done with each message.
  func treat(_ rule: @escaping @Sendable (Message) -> Treatment) { state.withLock { $0.rule = rule } }

  /// From now on this is done with each announcement of an account's claims, by its number from 0.
  func treatAnnouncements(_ rule: @escaping @Sendable (Int) -> Treatment) {
    let count = Mutex(0)
    treat { message in
      guard message.isAnnouncement else { return .pass }
      return rule(
        count.withLock { count in
          defer { count += 1 }
          return count
        })
    }
  }

  /// Cuts every connection; the client may come again.
  func cut() {
    for link in state.withLock({ $0.links }) { link.cut() }
  }

  /// Ends it.
  func end() {
    let links = state.withLock { state in
      defer { state.links = [] }
      guard !state.isEnded else { return [NATSProxyLink]() }
      state.isEnded = true
      shutdown(listener, Int32(SHUT_RDWR))
      return state.links
    }
    for link in links { link.cut() }
  }

  private func accept() {
    while case let client = Glibc.accept(listener, nil, nil), client >= 0 || errno == EINTR {
      guard client >= 0 else { continue }
      _ = fcntl(client, F_SETFD, FD_CLOEXEC)
      // Without the server the client is sent away.
      guard let link = NATSProxyLink(client: client, server: server, treat: { self.treatment(of: $0) }) else { continue }
      let isEnded = state.withLock { state in
        state.links.removeAll(where: \.isCut)
        if !state.isEnded { state.links.append(link) }
        return state.isEnded
      }
      if isEnded { link.cut() }
    }
    close(listener)
  }

  private func treatment(of message: Message) -> Treatment {
    let rule = state.withLock { state in
      state.messages.append(message)
      return state.rule
    }
    return rule(message)
  }

  private static func listen() throws -> (descriptor: Int32, port: Int) {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw SetupError.call("socket") }
    var address = SocketAddress.loopback(port: 0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = SocketAddress.with(&address) { address, size in
      bind(descriptor, address, size) == 0 && getsockname(descriptor, address, &length) == 0 && Glibc.listen(descriptor, 16) == 0
    }
    guard isListening else {
      close(descriptor)
      throw SetupError.call("listen")
    }
    return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
  }
}

extension NATSProxy.Message {
  /// Whether it tells servers of changed claims.
  var isAnnouncement: Bool { subject.hasPrefix("$SYS.ACCOUNT.") && subject.hasSuffix(".CLAIMS.UPDATE") }

  /// Whether it begins a round in which servers are asked what they hold.
  var beginsRound: Bool { subject == "$SYS.REQ.SERVER.PING.ACCOUNTZ" && payload.isEmpty }
}
