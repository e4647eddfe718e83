import Claims
import ServiceLifecycle
import Synchronization

/// Those who wait for servers to confirm a change: woken each time something is said about it.
final class DeliveryWaiters: Sendable {
  private struct State {
    var next: UInt64 = 0
    var waiting: [AccountKey: [UInt64: AsyncStream<Void>.Continuation]] = [:]
  }

  private let state = Mutex(State())

  /// Wakes those who wait for an account.
  func wake(_ account: AccountKey) {
    for waiter in state.withLock({ $0.waiting[account].map { Array($0.values) } ?? [] }) { waiter.yield() }
  }

  /// Wakes everybody.
  func wakeAll() {
    for waiter in state.withLock({ $0.waiting.values.flatMap(\.values) }) { waiter.yield() }
  }

  /// Waits until `isDone`, asked at first and each time something is said about the account, or for `patience`, or until the program is to stop.
  func wait(for account: AccountKey, within patience: Duration, until isDone: () -> Bool) async {
    let (stream, source) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let number = state.withLock { state in
      state.next += 1
      state.waiting[account, default: [:]][state.next] = source
      return state.next
    }
    defer {
      state.withLock { state in
        state.waiting[account]?[number] = nil
        if state.waiting[account]?.isEmpty ?? false { state.waiting[account] = nil }
      }
    }
    let deadline = Task {
      do { try await Task.sleep(for: patience) } catch { return }
      source.finish()
    }
    defer { deadline.cancel() }
    if isDone() { return }
    await withGracefulShutdownHandler {
      for await _ in stream where isDone() { return }
    } onGracefulShutdown: {
      source.finish()
    }
  }
}
