import Claims
import ClaimsStore

extension Freshness {
  /// The refusal of a judgement, with both times and the way out. `latest` is the latest issue time that our clock allows.
  func refusal(_ judgement: Judgement, of account: AccountKey, after current: AccountEntry, latest: Int64) -> Refusal? {
    var mine: String { Self.shown(iat) }
    var stored: String { Self.shown(current.iat) }
    let onPurpose = "or take this one on purpose with `nats-claims accept-older FILE` beside the store"
    // An adopted token may have any issue time, the last of all too.
    let later = current.iat == .max ? current.iat : current.iat + 1
    switch judgement {
    case .store, .unchanged:
      return nil
    case .removed:
      return Refusal(
        .deleted,
        "this very token of \(account), issued at \(mine), was removed when the account was deleted at \(stored); "
          + "`nats-claims undelete \(account)` beside the store brings it back, or sign the claims again "
          + "(an issue time of \(later) or later is accepted)")
    case .older where current.iat > latest, .superseded where current.iat > latest, .deleted where current.iat > latest:
      return Refusal(
        .older,
        "the stored claims of \(account) were issued at \(stored), ahead of the clock here: no token is newer than they before that time; "
          + "this one was issued at \(mine); wait until then and sign the claims again, \(onPurpose)")
    case .older:
      return Refusal(
        .older,
        "older than the stored claims of \(account): this token was issued at \(mine), the stored one at \(stored); "
          + "sign the claims again (an issue time of \(current.iat) or later is accepted), \(onPurpose)")
    case .superseded:
      return Refusal(
        .superseded,
        "this very token of \(account), issued at \(mine), was already replaced by another of the same second, \(stored); "
          + "sign the claims again (an issue time of \(later) or later is always accepted), \(onPurpose)")
    case .deleted:
      return Refusal(
        .deleted,
        "the account \(account) was deleted at \(stored) and this token, issued at \(mine), is not newer; "
          + "sign the claims again (an issue time of \(later) or later is accepted), \(onPurpose)")
    }
  }

  private static func shown(_ time: Int64) -> String { "\(time) (\(Timestamp.text(time)))" }
}
