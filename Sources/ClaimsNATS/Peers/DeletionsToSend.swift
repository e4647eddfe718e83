import Claims
import ClaimsRegistry

/// Which delete claims are sent on to resolvers. One that names accounts which are there (again) is kept back, because
/// it would delete them. Pure.
struct DeletionsToSend: Sendable {
  /// A delete claim, and the accounts for which it is sent.
  struct Claim: Sendable, Equatable {
    let token: Token
    let accounts: [AccountKey]
  }

  /// What to say of an account whose claim is kept back.
  static let keptText = "its delete claim names accounts that are there: delete it at the resolvers with a claim of its own"

  /// The claims to send.
  private(set) var claims: [Claim] = []
  /// The accounts whose claims are kept back.
  private(set) var kept: [AccountKey] = []

  /// Adds a claim for accounts that it deleted.
  mutating func add(_ claim: Token, of accounts: [AccountKey], isDeleted: (AccountKey) -> Bool) {
    if Self.accounts(named: claim)?.allSatisfy({ $0.map(isDeleted) ?? false }) ?? false {
      claims.append(Claim(token: claim, accounts: accounts))
    } else {
      kept += accounts
    }
  }

  /// The accounts that a delete claim names, nil in the place of what is no account; nil for what is no delete claim.
  private static func accounts(named token: Token) -> [AccountKey?]? {
    guard case .generic(let claims)? = try? DecodedToken.decode(token).claims else { return nil }
    return claims.data?["accounts"]?.elements?.map { name in name.text.flatMap { try? AccountKey($0) } }
  }
}
