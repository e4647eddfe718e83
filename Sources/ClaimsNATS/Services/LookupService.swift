import Claims
import ClaimsRegistry
import ClaimsStore

/// Answers `$SYS.REQ.ACCOUNT.<id>.CLAIMS.LOOKUP`, by which cache resolvers and full resolvers ask for what they do not have.
///
/// A resolver stores the first answer that is not empty, unchecked, and takes an empty one for a server's "unknown". So nothing is answered but a
/// token that holds, and nothing at all when there is none, unless this program is the only authority.
struct LookupService: Sendable {
  static let subject = "$SYS.REQ.ACCOUNT.*.CLAIMS.LOOKUP"

  /// Where an account is looked up.
  static func subject(of account: AccountKey) -> String { "$SYS.REQ.ACCOUNT.\(account).CLAIMS.LOOKUP" }

  let registry: Registry
  /// Whether what is unknown here is known nowhere: the answer is empty then, so that nobody waits.
  let isOnlyAuthority: Bool

  /// Whether a subject is a lookup's.
  static func serves(_ subject: String) -> Bool { subject.hasSuffix(".CLAIMS.LOOKUP") }

  /// The answer; nil for silence.
  func answer(_ request: NATSMessage) -> Publication? {
    guard let reply = request.reply, let account = Self.account(in: request.subject) else { return nil }
    let entry: AccountEntry?
    do throws(Refusal) {
      entry = try registry.current(account)
    } catch {
      // It is known, and cannot be read now: nobody must take that for a "no".
      return nil
    }
    guard let entry, let token = entry.token, !entry.isExpired(at: registry.clock.seconds) else {
      if registry.store.index.bareEntry(of: account.raw) == nil { registry.unknownAccounts.asked(account) }
      return isOnlyAuthority ? Publication(subject: reply, replyToken: nil, payload: []) : nil
    }
    return Publication(subject: reply, replyToken: nil, payload: token.bytes)
  }

  /// The account of a subject `$SYS.REQ.ACCOUNT.<id>.…` or `$SYS.ACCOUNT.<id>.…`; nil when it is no key.
  static func account(in subject: String) -> AccountKey? {
    let parts = subject.split(separator: ".", omittingEmptySubsequences: false)
    guard let place = parts.firstIndex(of: "ACCOUNT"), place + 1 < parts.count else { return nil }
    return try? AccountKey(parts[place + 1])
  }
}
