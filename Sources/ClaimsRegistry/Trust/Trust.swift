public import Claims
import Nkeys

/// The operators trusted at one moment, as a value: whoever judges with it sees the keys and the flags of one state from begin to end.
public struct Trust: Sendable {
  /// The operators, in the order of the configuration.
  public let operators: [TrustedOperator]
  /// The system accounts that the operators name.
  public let systemAccounts: Set<AccountKey>
  /// The keys that may sign account claims: signing keys, and identity keys of operators that do not demand signing keys.
  let accountSigners: Set<String>

  /// Trusts these operators, the first of which answers at `/jwt/v1/operator`.
  public init(_ operators: [TrustedOperator] = []) {
    self.operators = operators
    systemAccounts = Set(operators.compactMap(\.systemAccount))
    accountSigners = Set(operators.flatMap { $0.claims.signingKeys.map(\.text) + ($0.claims.strictSigningKeyUsage ? [] : [$0.key]) })
  }

  /// The operator of an identity key; nil when it is not trusted.
  public func `operator`(_ key: String) -> TrustedOperator? { operators.first { $0.key == key } }

  /// Whether a key may sign account claims.
  public func maySignAccounts(_ key: String) -> Bool { accountSigners.contains(key) }

  /// What the operators say to a signature.
  enum Standing: Sendable, Equatable {
    /// Signed as an operator allows.
    case trusted
    /// Signed by the identity key of an operator that demands signing keys.
    case signingKeyRequired
    /// Signed by a key that no operator here has.
    case unknown
  }

  /// Judges who signed these claims. The signature itself is not looked at.
  func standing(of claims: Claims) -> Standing {
    if !signers(of: claims).isEmpty { return .trusted }
    return `operator`(claims.common.iss.text) == nil ? .unknown : .signingKeyRequired
  }

  /// The identity keys of the operators for which these claims are signed as they allow. There may be several: nothing keeps two operators
  /// from naming the same signing key.
  func signers(of claims: Claims) -> [String] {
    operators.filter { $0.claims.didSign(claims) }.map(\.key)
  }

  /// The identity keys of the operators that have a key, as identity or signing key.
  func holders(of key: String) -> [String] {
    operators.filter { $0.key == key || $0.claims.signingKeys.contains(KeyReference(key)) }.map(\.key)
  }

  /// The identity key of the operator that these claims make an account belong to; empty when none here has the key that signed.
  public func owner(of claims: Claims) -> String { holders(of: claims.common.iss.text).first ?? "" }
}
