import ClaimsStore
import ServiceLifecycle

/// Runs the store's background work, and closes the store when everything before it has stopped.
struct StoreService: Service {
  let store: Store

  func run() async throws {
    await cancelWhenGracefulShutdown {
      async let loading: Void = store.loadTokens()
      await store.followLog()
      await loading
    }
    // In a task of its own: a service group that ends because of a failure cancels this one, and the flush would be lost.
    _ = await Task { await store.close() }.value
  }
}
