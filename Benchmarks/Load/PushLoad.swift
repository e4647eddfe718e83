import BenchSupport
import Glibc

/// Pushes every request once over a number of keep-alive connections, each with one request under way: one thread around poll, so that the
/// load takes little from the cores that it shares with the server.
struct PushLoad {
  private let clients: Int
  private let port: UInt16
  private let requests: [[UInt8]]

  init(port: UInt16, clients: Int, requests: [[UInt8]]) {
    self.port = port
    self.clients = clients
    self.requests = requests
  }

  func run() throws -> String {
    var next = 0
    var latencies: [Double] = []
    latencies.reserveCapacity(requests.count)
    var refused = 0
    let connections = try (0..<clients).map { _ in try PushConnection(port: port) }
    let start = ContinuousClock.now
    for connection in connections where next < requests.count {
      try connection.send(requests[next])
      next += 1
    }
    var waiting = connections.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
    while latencies.count < requests.count {
      guard poll(&waiting, nfds_t(clients), 30_000) > 0 else { throw BenchFailure("no answer within 30 seconds") }
      for (number, connection) in connections.enumerated() where waiting[number].revents != 0 {
        guard let status = try connection.answer() else { continue }
        latencies.append(connection.sent.duration(to: .now) / .milliseconds(1))
        if status != 200 { refused += 1 }
        if next < requests.count {
          try connection.send(requests[next])
          next += 1
        }
      }
    }
    let seconds = start.duration(to: .now) / .seconds(1)
    latencies.sort()
    let p50 = latencies[latencies.count / 2]
    let p99 = latencies[latencies.count * 99 / 100]
    return
      #"{"rate": \#(Double(requests.count) / seconds), "seconds": \#(seconds), "p50": \#(p50), "p99": \#(p99), "refused": \#(refused)}"#
  }
}
