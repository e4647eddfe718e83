public import Claims
import Synchronization

/// The operators trusted here, which may change while the server runs.
///
/// What is trusted is one value, swapped as a whole. A judgement takes ``current`` once, at its begin; what is stored is judged again by the
/// value of that moment, inside the transaction that stores it.
public final class TrustedOperators: Sendable {
  private let state: Mutex<Trust>

  /// Trusts these operators, the first of which answers at `/jwt/v1/operator`.
  public init(_ operators: [TrustedOperator]) {
    state = Mutex(Trust(operators))
  }

  /// The trust of this moment.
  public var current: Trust { state.withLock { $0 } }

  /// Puts another trust in the place of the current one.
  ///
  /// - Returns: the one that was in force.
  @discardableResult
  func replace(with trust: Trust) -> Trust {
    state.withLock { state in
      defer { state = trust }
      return state
    }
  }

  /// The operators, in the order of the configuration.
  public var all: [TrustedOperator] { current.operators }

  /// The system accounts that the operators name.
  public var systemAccounts: Set<AccountKey> { current.systemAccounts }

  /// Judges who signed these claims. The signature itself is not looked at.
  func standing(of claims: Claims) -> Trust.Standing { current.standing(of: claims) }

  /// The identity key of the operator that these claims make an account belong to; empty when none here has the key that signed.
  public func owner(of claims: Claims) -> String { current.owner(of: claims) }
}
