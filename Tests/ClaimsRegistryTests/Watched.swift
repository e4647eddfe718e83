import ClaimsRegistry
import ClaimsStore

/// A registry whose directory is written and watched, as in a running server.
final class Watched: Sendable {
  let subject: RegistryUnderTest
  private let following: Task<Void, Never>
  private let watching: Task<Void, any Error>

  init(_ subject: RegistryUnderTest) throws {
    self.subject = subject
    following = Task { await subject.store.followLog() }
    let watch = DirectoryWatch(registry: subject.registry)
    watching = Task { try await watch.run() }
  }

  func stop() async throws {
    watching.cancel()
    try await watching.value
    following.cancel()
    await following.value
    await subject.store.close()
  }
}
