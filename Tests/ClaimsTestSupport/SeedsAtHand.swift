public import Claims
public import ClaimsRegistry
public import Nkeys
import Synchronization

/// Seeds that a test has at hand, or takes away.
public final class SeedsAtHand: OperatorSigners {
  private let state: Mutex<[KeyPair]>

  /// Has these at hand.
  public init(_ pairs: [KeyPair]) { state = Mutex(pairs) }

  /// Takes all away.
  public func takeAway() { state.withLock { $0 = [] } }

  /// See `OperatorSigners`.
  public func signer(among keys: [PublicKey]) throws -> (any ClaimsSigner)? {
    let pairs = state.withLock { $0 }
    return keys.lazy.compactMap { key in pairs.first { $0.publicKey == key } }.first
  }
}
