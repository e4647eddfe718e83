import Claims
import Synchronization

/// Lookups of one account that go on all the time while other things happen: each must be answered at once with a token that may be served.
final class LiveLookups: Sendable {
  private struct State {
    var allowed: Set<[UInt8]> = []
    var newest: [UInt8] = []
    var count = 0
    var wrong: [String] = []
  }

  private let claims: ServerUnderTest
  private let account: AccountKey
  private let state = Mutex(State())

  init(of account: AccountKey, on claims: ServerUnderTest, stored token: Token) {
    self.claims = claims
    self.account = account
    state.withLock {
      $0.allowed = [token.bytes]
      $0.newest = token.bytes
    }
  }

  /// A push of this token begins: lookups may give it from now on.
  func begins(_ token: Token) { state.withLock { _ = $0.allowed.insert(token.bytes) } }

  /// A push of this token was acknowledged: nothing else is served from now on.
  func acknowledged(_ token: Token) {
    state.withLock {
      $0.allowed = [token.bytes]
      $0.newest = token.bytes
    }
  }

  /// How many lookups were answered.
  var count: Int { state.withLock { $0.count } }

  /// What was wrong.
  var wrong: [String] { state.withLock { $0.wrong } }

  /// Looks up until the task is cancelled.
  func run() async throws {
    let connection = try await Connection(port: claims.port)
    while !Task.isCancelled {
      // What may be served is asked before and after: an acknowledgement may fall between the two.
      let before = state.withLock { $0.allowed }
      try await connection.send(HTTPClient.request("GET", HTTPClient.path(account)))
      let answer = try await connection.answer(within: 10)
      state.withLock { state in
        state.count += 1
        guard let answer, answer.status == 200, before.union(state.allowed).contains(answer.body) else {
          state.wrong.append(answer.map { "\($0.status) \($0.text.prefix(80))" } ?? "no answer")
          return
        }
      }
      do { try await Task.sleep(for: .milliseconds(2)) } catch { return }
    }
  }
}
