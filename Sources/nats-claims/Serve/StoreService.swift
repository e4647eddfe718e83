import ClaimsStore
import ServiceLifecycle

/// Runs the store's background work, and closes the store when everything before it has stopped.
struct StoreService: Service {
  let store: Store

  func run() async throws {
    await cancelWhenGracefulShutdown { await store.followLog() }
    await store.close()
  }
}
