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

  /// How claims at a server stand to the store's, by their order alone.
  enum Comparison: Sendable, Equatable {
    case same
    case newer
    case older
    /// The account is deleted, and the server lets its clients in.
    case deleted
  }

  /// What is wrong with closing claims of an account that is not deleted.
  static let closingText = "claims that let nobody in, of an account that is not deleted here"

  let registry: Registry

  /// The pure rule: `own` is what is stored; the other side's issue time is nil when its claims cannot be read.
  static func compare(own: TokenVersion?, digest: TokenDigest, iat: Int64?, isOpen: Bool) -> Comparison {
    guard let own else { return .same }
    if own.isDeleted { return isOpen ? .deleted : .same }
    guard digest != own.digest else { return .same }
    return iat ?? .min < own.iat ? .older : .newer
  }

  func compare(_ account: AccountKey, _ holding: Holding) -> Verdict {
    guard case .claims(let token, let isOpen) = holding.content, let entry = registry.store.index.bareEntry(of: account.raw) else {
      return .same
    }
    // Nearly always it is what is stored: nothing needs to be read then.
    if !entry.isDeleted, token.digest == entry.digest { return .same }
    let common = token.unverified
    let iat = common?.iat ?? 0
    switch Self.compare(own: entry.version, digest: token.digest, iat: common?.iat, isOpen: isOpen) {
    case .same: return .same
    case .newer: return .newer(token)
    case .older: return .different(DriftTable.Entry(kind: .older, iat: iat), cause(common, "older than the stored claims", holding))
    case .deleted: return .different(DriftTable.Entry(kind: .deleted, iat: iat), nil)
    }
  }

  /// What a server that holds the same was found to hold; nil where there is nothing to hold.
  func found(_ account: AccountKey, _ holding: Holding) -> DeliveryLedger.Found? {
    guard let entry = registry.store.index.bareEntry(of: account.raw), !entry.isDeleted else { return nil }
    return switch holding.content {
    case .nothing: DeliveryLedger.Found(sequence: entry.sequence, isLoaded: false)
    case .claims(let token, _): token.digest == entry.digest ? DeliveryLedger.Found(sequence: entry.sequence, isLoaded: true) : nil
    case .configured: nil
    }
  }

  /// What refused claims are; nil when the refusal says nothing about them.
  static func kind(refused code: Refusal.Code) -> AccountDrift.Kind? {
    guard code.isAboutClaims else { return nil }
    return [.older, .superseded].contains(code) ? .older : .foreign
  }

  /// What a server holds was refused: ours is right. Nil when nothing can be said.
  func refused(_ refusal: Refusal, _ token: Token, _ holding: Holding) -> Verdict? {
    guard let kind = Self.kind(refused: refusal.code) else { return nil }
    let common = token.unverified
    return .different(DriftTable.Entry(kind: kind, iat: common?.iat ?? 0), cause(common, refusal.message, holding))
  }

  /// What a server holds are closing claims: ours is right, unless the account is deleted by now.
  func closed(_ account: AccountKey, _ token: Token, _ holding: Holding) -> Verdict {
    guard let own = registry.store.index.bareEntry(of: account.raw), !own.isDeleted else { return .same }
    let common = token.unverified
    return .different(DriftTable.Entry(kind: .foreign, iat: common?.iat ?? 0), cause(common, Self.closingText, holding))
  }

  private func cause(_ common: CommonClaims?, _ text: String, _ holding: Holding) -> Repairs.Cause {
    Repairs.Cause(text: text, issuer: NATSError.printable(common?.iss.text ?? ""), place: "server \(holding.server.label)")
  }
}
