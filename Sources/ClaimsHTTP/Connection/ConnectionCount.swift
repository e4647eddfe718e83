import Synchronization

/// Counts open connections against a cap.
final class ConnectionCount: Sendable {
  private struct State {
    var open = 0
    /// How many of each address, where that is bounded.
    var ofAddress: [String: Int] = [:]
    /// Who waits until there are none.
    var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
    var next = 0
  }

  /// What becomes of a connection.
  enum Admission {
    case admitted
    /// There are too many in all.
    case full
    /// There are too many of its address.
    case fullForAddress
  }

  private let cap: Int
  private let perAddress: Int?
  private let state = Mutex(State())

  init(cap: Int, perAddress: Int? = nil) {
    self.cap = cap
    self.perAddress = perAddress
  }

  /// The connections open now.
  var open: Int { state.withLock { $0.open } }

  /// Counts a connection of an address. Whatever comes of it, ``leave(_:)`` must follow.
  func enter(_ address: @autoclosure () -> String) -> Admission {
    state.withLock { state in
      state.open += 1
      if let perAddress {
        let count = state.ofAddress[address(), default: 0] + 1
        state.ofAddress[address()] = count
        if count > perAddress { return .fullForAddress }
      }
      return state.open <= cap ? .admitted : .full
    }
  }

  func leave(_ address: @autoclosure () -> String) {
    let waiting = state.withLock { state -> [CheckedContinuation<Void, Never>] in
      state.open -= 1
      if perAddress != nil, let count = state.ofAddress[address()] { state.ofAddress[address()] = count > 1 ? count - 1 : nil }
      guard state.open == 0 else { return [] }
      defer { state.waiting = [:] }
      return Array(state.waiting.values)
    }
    for continuation in waiting { continuation.resume() }
  }

  /// Waits until no connection is open, or until the task is cancelled.
  func empty() async {
    let number = state.withLock { state in
      state.next += 1
      return state.next
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isEmpty = state.withLock { state in
          guard state.open > 0, !Task.isCancelled else { return true }
          state.waiting[number] = continuation
          return false
        }
        if isEmpty { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiting.removeValue(forKey: number) }?.resume()
    }
  }
}
