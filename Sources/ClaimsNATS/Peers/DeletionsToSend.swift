import Claims
import ClaimsRegistry

/// Which delete claims are sent on to resolvers: each once for all its accounts. One that names accounts which are there (again) is kept back, because
/// it would delete them. Pure.
struct DeletionsToSend: Sendable {
  /// A delete claim, and the accounts for which it is sent.
  struct Claim: Sendable, Equatable {
    let token: Token
    var accounts: [AccountKey]
  }

  /// What to say of an account whose claim is kept back.
  static let keptText = "its delete claim names accounts that are there: delete it at the resolvers with a claim of its own"

  private var byDigest: [TokenDigest: Claim] = [:]
  /// The accounts whose claims are kept back.
  private(set) var kept: [AccountKey] = []

  /// The claims to send.
  var claims: [Claim] { Array(byDigest.values) }

  /// Adds an account with what is stored of it; one that is not deleted (any more) needs nothing.
  mutating func add(_ state: PeerState, isDeleted: (AccountKey) -> Bool) {
    guard state.isDeleted else { return }
    if Self.accounts(named: state.token)?.allSatisfy({ $0.map(isDeleted) ?? false }) ?? false {
      byDigest[state.token.digest, default: Claim(token: state.token, accounts: [])].accounts.append(state.account)
    } else {
      kept.append(state.account)
    }
  }

  /// The accounts that a delete claim names, nil in the place of what is no account; nil for what is no delete claim.
  private static func accounts(named token: Token) -> [AccountKey?]? {
    guard case .generic(let claims)? = try? DecodedToken.decode(token).claims else { return nil }
    return claims.data?["accounts"]?.elements?.map { name in name.text.flatMap { try? AccountKey($0) } }
  }
}
