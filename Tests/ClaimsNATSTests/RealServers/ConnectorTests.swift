import ClaimsTestSupport
import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import ClaimsNATS

@Suite("The cnats wrapper at a real nats-server")
struct ConnectorTests {
  /// Collects a connection's events.
  private final class Events: Sendable {
    private let list = Mutex<[ConnectionEvent]>([])

    var all: [ConnectionEvent] { list.withLock { $0 } }
    var messages: [InboxMessage] {
      all.compactMap { if case .message(let message) = $0 { message } else { nil } }
    }
    var closed: [NATSError] {
      all.compactMap { if case .closed(let error) = $0 { error } else { nil } }
    }

    func add(_ event: ConnectionEvent) { list.withLock { $0.append(event) } }
  }

  private func connect(_ url: String, _ options: NATSOptions? = nil, _ events: Events = Events()) async throws -> any NATSConnection {
    let connector = CNATSConnector(options: options ?? NATSOptions(servers: [url]))
    return try await connector.connect(to: ServerAddress(url), listening: []) { events.add($0) }
  }

  @Test("it connects, knows the server's limit, and closes twice without harm")
  func connects() async throws {
    let server = try await NATSServerProcess("max_payload: 12345")
    let connection = try await connect(server.url())
    #expect(connection.maximumPayload == 12345)
    #expect(connection.serverID.hasPrefix("N"))
    await connection.close()
    await connection.close()
    await #expect(throws: NATSError.of(.closed)) { try await connection.publish([], within: .seconds(1)) }
  }

  @Test("a request that nobody listens to is answered by the server, with its token")
  func noResponders() async throws {
    let server = try await NATSServerProcess("")
    let events = Events()
    let connection = try await connect(server.url(), nil, events)
    let batch = (0..<100).map { Publication(subject: "nobody.\($0)", replyToken: "t\($0)", payload: [1]) }
    #expect(try await connection.publish(batch, within: .seconds(5)) == Array(repeating: .sent, count: 100))
    try await eventually("all answers came") { events.messages.count == 100 }
    #expect(Set(events.messages.map(\.token)) == Set(batch.map(\.replyToken)))
    #expect(events.messages.allSatisfy { $0.isNoResponders && $0.payload.isEmpty })
    await connection.close()
  }

  @Test("a message that is too large is named, the others go")
  func tooLarge() async throws {
    let server = try await NATSServerProcess("max_payload: 100")
    let connection = try await connect(server.url())
    let batch = [10, 101, 100].map { Publication(subject: "s", replyToken: "t", payload: [UInt8](repeating: 0, count: $0)) }
    #expect(try await connection.publish(batch, within: .seconds(5)) == [.sent, .tooLarge(limit: 100), .sent])
    await connection.close()
  }

  @Test("the end of the server ends the connection, and publishing fails at once")
  func killed() async throws {
    let server = try await NATSServerProcess("")
    let events = Events()
    let connection = try await connect(server.url(), nil, events)
    server.kill()
    try await eventually("the end is told") { events.closed.count == 1 }
    await #expect(throws: NATSError.self) {
      try await connection.publish([Publication(subject: "s", replyToken: "t", payload: [])], within: .seconds(5))
    }
    await connection.close()
    #expect(events.closed.count == 1)
  }

  @Test("connections that are closed while their server dies are closed without the library's pause, and what is sent over them fails")
  func closedAtTheEnd() async throws {
    for _ in 0..<5 {
      let server = try await NATSServerProcess("")
      var connections: [any NATSConnection] = []
      for _ in 0..<20 { connections.append(try await connect(server.url())) }
      server.kill()
      await withTaskGroup(of: Void.self) { [connections] group in
        for (number, connection) in connections.enumerated() {
          group.addTask {
            if number % 2 == 1 {
              // Until the loss is noticed it may be taken for the server.
              try? await eventually("sending fails") {
                do throws(NATSError) {
                  try await connection.send([Publication(subject: "s", replyToken: nil, payload: [])])
                  return false
                } catch {
                  #expect(error.code == .closed, "\(error)")
                  return true
                }
              }
            }
            let start = ContinuousClock.now
            await connection.close()
            // The library's own pause is a minute.
            #expect(start.duration(to: .now) < .seconds(15))
          }
        }
      }
    }
  }

  @Test("a user whose time is over is told as that")
  func over() async throws {
    let fleet = try await Fleet(TestAuthority())
    let folder = try TemporaryFolder()
    let now = Int64(Date.now.timeIntervalSince1970)
    try folder.write(Fleet.credentials(of: fleet.authority.system, name: "brief", expires: now + 6), to: "brief.creds")
    let options = NATSOptions(servers: [fleet.server.url()], credentialsFile: folder.path + "/brief.creds")
    let events = Events()
    let connection = try await connect(fleet.server.url(), options, events)
    try await eventually("the end is told") { events.closed.count == 1 }
    #expect(events.closed.first?.code == .unauthorized, "\(events.closed)")
    await connection.close()
  }

  @Test("a server that hangs fails a publish at its deadline, and a close ends a publish that waits")
  func hangs() async throws {
    let server = try await NATSServerProcess("")
    let connection = try await connect(server.url())
    try await server.freeze()
    let message = Publication(subject: "s", replyToken: "t", payload: [])
    await #expect(throws: NATSError.of(.timeout)) { try await connection.publish([message], within: .milliseconds(100)) }
    let waiting = Task { try await connection.publish([message], within: .seconds(3600)) }
    await connection.close()
    await #expect(throws: NATSError.self) { try await waiting.value }
  }

  @Test("nothing at the address is unreachable")
  func refused() async throws {
    let server = try await NATSServerProcess("")
    server.kill()
    await #expect(throws: NATSError.of(.unreachable)) { try await connect(server.url()) }
  }

  @Test("a server that says nothing is given up after the timeout")
  func silent() async throws {
    let listener = try SilentListener()
    var options = NATSOptions(servers: [])
    options.connectTimeout = .milliseconds(200)
    await #expect(throws: NATSError.self) { try await connect("nats://127.0.0.1:\(listener.port)", options) }
  }

  @Test("a wrong password is a refusal", arguments: ["u:wrong", ""])
  func unauthorized(login: String) async throws {
    let server = try await NATSServerProcess("authorization { user: u, password: p }")
    await #expect(throws: NATSError.of(.unauthorized)) { try await connect(server.url(login)) }
    let connection = try await connect(server.url("u:p"))
    await connection.close()
  }

  @Test("a token in the URL logs in")
  func token() async throws {
    let server = try await NATSServerProcess("authorization { token: s3cret }")
    let connection = try await connect(server.url("s3cret"))
    await connection.close()
  }

  @Test("a system account's answer comes from the server we are connected to")
  func ping() async throws {
    let server = try await NATSServerProcess(
      "server_name: alpha\naccounts { SYS { users: [{ user: s, password: s }] } }\nsystem_account: SYS")
    let events = Events()
    let connection = try await connect(server.url("s:s"), nil, events)
    _ = try await connection.publish([Publication(subject: "$SYS.REQ.SERVER.PING", replyToken: "ping", payload: [])], within: .seconds(5))
    try await eventually("the answer came") { !events.messages.isEmpty }
    let name = try #require(events.messages.first.flatMap { ServerInfo($0.payload) })
    #expect(name.name == "alpha")
    #expect(name.id == connection.serverID)
    await connection.close()
  }
}

/// Accepts connections in its backlog and never says a word.
private final class SilentListener {
  struct Failure: Error {}

  let port: UInt16
  private let descriptor: Int32

  init() throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &address) { [descriptor] address in
      address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(descriptor, address, size) == 0 && listen(descriptor, 8) == 0 && getsockname(descriptor, address, &size) == 0
      }
    }
    port = address.sin_port.bigEndian
    guard result else { throw Failure() }
  }

  deinit {
    close(descriptor)
  }
}
