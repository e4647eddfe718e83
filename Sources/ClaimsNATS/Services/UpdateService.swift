import Claims
import ClaimsRegistry
import ClaimsStore
import Nkeys

/// Takes claims that somebody sent to the servers: on the subject for all, or on an account's own. They go through the same admission as over
/// HTTP, and the answer is in the words of a nats-server.
struct UpdateService: Sendable {
  /// Where nsc pushes to resolvers.
  static let subject = "$SYS.REQ.CLAIMS.UPDATE"
  /// Where claims of one account come: of old and today.
  static let accountSubjects = ["$SYS.ACCOUNT.*.CLAIMS.UPDATE", "$SYS.REQ.ACCOUNT.*.CLAIMS.UPDATE"]

  /// What became of claims.
  struct Outcome: Sendable {
    /// The answer to whoever sent them.
    let answer: [UInt8]
    /// What is to be told of them, because servers may hold them now.
    var event: SystemCore.Event?
  }

  let registry: Registry
  let text: ReplyText

  /// Judges a message.
  func take(_ message: NATSMessage) async -> Outcome {
    let isNamed = message.subject != Self.subject
    let named = isNamed ? LookupService.account(in: message.subject) : nil
    guard !message.payload.isEmpty else {
      return Outcome(answer: text.refused(named?.text ?? "n/a", "jwt update error - request body is empty"))
    }
    let token = Token(message.payload).withoutTrailingLineFeed
    if let known = stored(token, of: named) { return Outcome(answer: text.updated(known.text)) }
    if isNamed, named == nil {
      return Outcome(answer: text.refused("n/a", "jwt update resulted in error - the subject names no account"))
    }
    let account = named ?? token.unverified.flatMap { try? AccountKey($0.sub.text) }
    do throws(Refusal) {
      let outcome = try await registry.pushElsewhere(token, expected: named, by: .nats(subject: message.subject), mayBeSigned: true)
      if case .closing = outcome { return closing(token, of: account, message.subject) }
      return Outcome(answer: text.updated(account?.text ?? "n/a"))
    } catch {
      let reason = error.code == .wrongSubject ? "subject does not match jwt content" : error.message
      return Outcome(
        answer: text.refused(account?.text ?? "n/a", "jwt update resulted in error - \(reason)"),
        event: account.flatMap { refused(token, of: $0, error, message.subject) })
    }
  }

  private func closing(_ token: Token, of account: AccountKey?, _ subject: String) -> Outcome {
    // On the accounts' subjects they are what another of ours announces. On the other one somebody pushes them, and is told that they are not kept.
    let reason = "claims that let nobody in and are over soon are not stored over NATS: push them over HTTP, or delete the account"
    let answer =
      subject == Self.subject
      ? text.refused(account?.text ?? "n/a", "jwt update resulted in error - \(reason)") : text.updated(account?.text ?? "n/a")
    let meaning = account.map { SentClaims(closing: version(of: $0), isOnAccountSubject: subject != Self.subject) } ?? .harmless
    return Outcome(answer: answer, event: account.flatMap { event(meaning, $0, token, HeldClaims.closingText, subject) })
  }

  /// What is to be told of claims that are older than those stored: without judging them any further, which can take long.
  func older(_ message: NATSMessage) -> SystemCore.Event? {
    guard message.subject != Self.subject, let account = LookupService.account(in: message.subject), let own = version(of: account) else {
      return nil
    }
    let token = Token(message.payload).withoutTrailingLineFeed
    guard let common = token.unverified, common.sub.text == account.text, SentClaims.areOlder(than: own, iat: common.iat) else {
      return nil
    }
    let text = "older than the claims that are stored: issued at \(common.iat), stored \(own.iat)"
    return event(.foreign, account, token, text, message.subject)
  }

  /// The account of a token that is stored as it came: most that comes here is what another server of ours announces.
  private func stored(_ token: Token, of named: AccountKey?) -> AccountKey? {
    named.flatMap { SentClaims.areStored(version(of: $0), digest: token.digest) ? $0 : nil }
  }

  private func refused(_ token: Token, of account: AccountKey, _ refusal: Refusal, _ subject: String) -> SystemCore.Event? {
    let meaning = SentClaims(refused: refusal.code, own: version(of: account), iat: token.unverified?.iat)
    let text = refusal.code == .readOnly ? "older than the claims that are served" : refusal.message
    return event(meaning, account, token, text, subject)
  }

  private func event(_ meaning: SentClaims, _ account: AccountKey, _ token: Token, _ text: String, _ subject: String) -> SystemCore.Event? {
    switch meaning {
    case .harmless: nil
    case .foreign: .foreign(account, cause(token, text, subject))
    case .replaced: .contradicted(account, cause(token, text, subject))
    case .closing: .closed(account)
    }
  }

  private func cause(_ token: Token, _ text: String, _ subject: String) -> Repairs.Cause {
    Repairs.Cause(text: text, issuer: NATSError.printable(token.unverified?.iss.text ?? ""), place: NATSError.printable(subject))
  }

  private func version(of account: AccountKey) -> TokenVersion? { registry.store.index.bareEntry(of: account.raw)?.version }
}
