public import Claims
import Synchronization

/// The operators trusted here, as one value at a time: a reader never sees the keys of one state with the flags of another.
public final class TrustedOperators: Sendable {
  private let state: Mutex<[TrustedOperator]>

  /// Trusts these operators, the first of which answers at `/jwt/v1/operator`.
  public init(_ operators: [TrustedOperator]) {
    state = Mutex(operators)
  }

  /// The operators, in the order of the configuration.
  public var all: [TrustedOperator] { state.withLock { $0 } }

  /// The system accounts that the operators name.
  public var systemAccounts: Set<AccountKey> { Set(all.compactMap(\.systemAccount)) }

  /// What the operators say to a signature.
  enum Standing: Sendable, Equatable {
    /// Signed as the operator allows.
    case trusted
    /// Signed by the identity key of an operator that demands signing keys.
    case signingKeyRequired
    /// Signed by a key that no operator here has.
    case unknown
  }

  /// Judges who signed these claims. The signature itself is not looked at.
  func standing(of claims: Claims) -> Standing {
    let issuer = claims.common.iss
    for trusted in all {
      if trusted.claims.didSign(claims) { return .trusted }
      if trusted.key == issuer { return .signingKeyRequired }
    }
    return .unknown
  }

  /// Whether a key is an operator's identity key or one of its signing keys.
  func holds(_ key: String) -> Bool {
    all.contains { $0.key == key || $0.claims.signingKeys.contains(key) }
  }
}
