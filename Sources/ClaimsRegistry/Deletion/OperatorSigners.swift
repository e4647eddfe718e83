public import Claims
public import Nkeys

/// Where the keys of operators are found, as far as they are at hand: the port behind which a program keeps seeds.
public protocol OperatorSigners: Sendable {
  /// What signs as one of these keys: the first whose seed is at hand. It is asked for each time, and not kept.
  ///
  /// - Returns: nil when no seed of them is at hand.
  /// - Throws: why a seed that is there cannot be used.
  func signer(among keys: [PublicKey]) throws -> (any ClaimsSigner)?
}

extension TrustedOperator {
  /// The keys that may sign accounts: signing keys first, the identity key only if the operator does not demand a signing key.
  public var accountSigners: [PublicKey] {
    let keys = claims.signingKeys + (claims.strictSigningKeyUsage ? [] : [claims.common.sub])
    return keys.compactMap(\.publicKey)
  }
}
