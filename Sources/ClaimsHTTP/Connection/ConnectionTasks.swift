/// The connections that the framework serves, a task each. Those that never needed it have none.
final class ConnectionTasks: Sendable {
  typealias Work = @Sendable () async -> Void

  private let works: AsyncStream<Work>
  private let continuation: AsyncStream<Work>.Continuation

  init() {
    (works, continuation) = AsyncStream.makeStream(of: Work.self)
  }

  /// Serves a connection until it is over.
  func add(_ work: @escaping Work) {
    // One that comes when all is over is closed already, and still to be run to its end: NIO asks for that.
    if case .terminated = continuation.yield(work) { Task { await work() } }
  }

  /// Serves what is added while `body` runs, and returns when that and all connections are done.
  func serve(while body: @escaping @Sendable () async throws -> Void) async throws {
    try await withThrowingDiscardingTaskGroup { group in
      group.addTask { [continuation] in
        defer { continuation.finish() }
        try await body()
      }
      for await work in works { group.addTask(operation: work) }
    }
  }
}
