import Claims
import ClaimsStore

/// Whether a token may follow what is stored: the total order of an account's tokens by (`iat`, generation, digest).
///
/// The mark of an account is the newest `iat` accepted; it only grows and outlives a deletion. A pure function: what it needs from the log it
/// asks through closures, and only when it must.
struct Freshness: Sendable, Equatable {
  enum Judgement: Sendable, Equatable {
    /// Newer: store it with this generation.
    case store(generation: Int64)
    /// The same bytes are stored.
    case unchanged
    /// Issued before the mark.
    case older
    /// Of the mark's second, but replaced already.
    case superseded
    /// The account is deleted, and the token is not newer than that.
    case deleted
    /// The account is deleted, and this is the very token that the deletion removed.
    case removed
  }

  /// The token that a deletion removed.
  struct Removed: Sendable, Equatable {
    let iat: Int64
    let digest: TokenDigest
  }

  let iat: Int64
  let digest: TokenDigest

  /// Judges the token after what is stored of the account. `wasStored` tells whether the log holds a record of this very token, `removed` which
  /// token a deletion removed.
  func judge(
    after current: AccountEntry?, wasStored: () throws -> Bool, removed: () throws -> Removed?
  ) rethrows -> Judgement {
    guard let current else { return .store(generation: 0) }
    guard current.isDeleted else {
      return try judge(after: Newest(iat: current.iat, generation: current.generation, digest: current.digest), wasStored: wasStored)
    }
    if iat > current.iat { return .store(generation: 0) }
    let removed = try removed()
    guard digest != removed?.digest else { return .removed }
    guard iat == current.iat, removed.map({ $0.iat < iat }) ?? true, try !wasStored() else { return .deleted }
    return .store(generation: current.generation + 1)
  }

  /// The newest token of what is judged: its mark, its place there, and its bytes.
  struct Newest: Sendable, Equatable {
    let iat: Int64
    let generation: Int64
    let digest: TokenDigest
  }

  /// Judges the token after the newest one.
  func judge(after newest: Newest, wasStored: () throws -> Bool) rethrows -> Judgement {
    if digest == newest.digest { return .unchanged }
    if iat > newest.iat { return .store(generation: 0) }
    guard iat == newest.iat else { return .older }
    guard try !wasStored() else { return .superseded }
    return .store(generation: newest.generation + 1)
  }

  /// The generation of a token that is accepted although it is not newer: it takes the next place at the account's mark.
  static func generationOnPurpose(after current: AccountEntry) -> Int64 { current.generation + 1 }
}
