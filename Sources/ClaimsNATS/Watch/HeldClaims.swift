import Claims
import ClaimsRegistry
import ClaimsStore
import Nkeys

/// Compares what a server holds of an account with what is stored.
struct HeldClaims: Sendable {
  /// What the comparison comes to.
  enum Verdict: Sendable {
    /// The server holds what is stored, or nothing, or the account is none of ours.
    case same
    /// The server holds what is newer than the store: it must be judged before it can be said who is right.
    case newer(Token)
    /// The server holds something else; announcing helps if there is a cause.
    case different(DriftTable.Entry, Repairs.Cause?)
  }

  let registry: Registry

  func compare(_ account: AccountKey, _ holding: Holding) -> Verdict {
    guard case .claims(let token, let isOpen) = holding.content, let entry = registry.store.index.bareEntry(of: account.raw) else {
      return .same
    }
    if entry.isDeleted {
      guard isOpen else { return .same }
      return .different(DriftTable.Entry(kind: .deleted, iat: Self.common(of: token)?.iat ?? 0), nil)
    }
    guard token.digest != entry.digest else { return .same }
    let common = Self.common(of: token)
    guard let common, common.iat >= entry.iat else {
      return .different(DriftTable.Entry(kind: .older, iat: common?.iat ?? 0), cause(common, "older than the stored claims", holding))
    }
    return .newer(token)
  }

  /// What a server holds was refused: ours is right.
  func refused(_ refusal: Refusal, _ token: Token, _ holding: Holding) -> Verdict {
    let common = Self.common(of: token)
    let kind: AccountDrift.Kind = [.older, .superseded].contains(refusal.code) ? .older : .foreign
    return .different(DriftTable.Entry(kind: kind, iat: common?.iat ?? 0), cause(common, refusal.message, holding))
  }

  private func cause(_ common: CommonClaims?, _ text: String, _ holding: Holding) -> Repairs.Cause {
    Repairs.Cause(text: text, issuer: NATSError.printable(common?.iss.text ?? ""), place: "server \(holding.server.label)")
  }

  private static func common(of token: Token) -> CommonClaims? {
    guard token.bytes.count <= Token.maximumSize else { return nil }
    return try? DecodedToken.decode(token).claims.common
  }
}
