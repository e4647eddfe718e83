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
    /// The account whose servers may hold these claims now although they are not ours, with the cause.
    let foreign: (account: AccountKey, cause: Repairs.Cause)?
    /// Whether they were replaced here within their second: another server of ours may not know that yet.
    var isReplacedHere = false
    /// Whether they are closing claims of an account that is not deleted here: another of ours may be deleting it.
    var isClosing = false
  }

  let registry: Registry
  let text: ReplyText

  /// Judges a message.
  func take(_ message: NATSMessage) async -> Outcome {
    let isNamed = message.subject != Self.subject
    let named = isNamed ? LookupService.account(in: message.subject) : nil
    guard !message.payload.isEmpty else {
      return Outcome(answer: text.refused(named?.text ?? "n/a", "jwt update error - request body is empty"), foreign: nil)
    }
    let token = Token(message.payload).withoutTrailingLineFeed
    if let known = stored(token, of: named) { return Outcome(answer: text.updated(known.text), foreign: nil) }
    if isNamed, named == nil {
      return Outcome(answer: text.refused("n/a", "jwt update resulted in error - the subject names no account"), foreign: nil)
    }
    let subject = (try? DecodedToken.decode(token))?.claims.common.sub.text
    let account = named ?? subject.flatMap { try? AccountKey($0) }
    do throws(Refusal) {
      let outcome = try await registry.pushElsewhere(token, expected: named, by: .nats(subject: message.subject), mayBeSigned: true)
      if case .closing = outcome { return closing(token, of: account, message.subject) }
      return Outcome(answer: text.updated(account?.text ?? "n/a"), foreign: nil)
    } catch {
      let reason = error.code == .wrongSubject ? "subject does not match jwt content" : error.message
      return Outcome(
        answer: text.refused(account?.text ?? "n/a", "jwt update resulted in error - \(reason)"),
        foreign: account.flatMap { foreign(token, of: $0, error, message.subject) }, isReplacedHere: error.code == .superseded)
    }
  }

  private func closing(_ token: Token, of account: AccountKey?, _ subject: String) -> Outcome {
    // On the accounts' subjects they are what another of ours announces. On the other one somebody pushes them, and is told that they are not kept.
    let reason = "claims that let nobody in and are over soon are not stored over NATS: push them over HTTP, or delete the account"
    let answer =
      subject == Self.subject
      ? text.refused(account?.text ?? "n/a", "jwt update resulted in error - \(reason)") : text.updated(account?.text ?? "n/a")
    guard let account, subject != Self.subject, let own = registry.store.index.bareEntry(of: account.raw), !own.isDeleted else {
      return Outcome(answer: answer, foreign: nil)
    }
    let common = (try? DecodedToken.decode(token))?.claims.common
    return Outcome(answer: answer, foreign: (account, cause(common, HeldClaims.closingText, subject)), isClosing: true)
  }

  /// The account and the cause, when claims are older than those stored: without judging them any further, which can take long.
  func older(_ message: NATSMessage) -> (account: AccountKey, cause: Repairs.Cause)? {
    guard message.subject != Self.subject, let account = LookupService.account(in: message.subject),
      let own = registry.store.index.bareEntry(of: account.raw), !own.isDeleted, message.payload.count <= Token.maximumSize
    else { return nil }
    let token = Token(message.payload).withoutTrailingLineFeed
    guard let common = (try? DecodedToken.decode(token))?.claims.common, common.sub.text == account.text, common.iat < own.iat else {
      return nil
    }
    return (account, cause(common, "older than the claims that are stored: issued at \(common.iat), stored \(own.iat)", message.subject))
  }

  /// The account of a token that is stored as it came: most that comes here is what another server of ours announces.
  private func stored(_ token: Token, of named: AccountKey?) -> AccountKey? {
    guard let named, let entry = registry.store.index.bareEntry(of: named.raw), !entry.isDeleted, entry.digest == token.digest else {
      return nil
    }
    return named
  }

  /// Servers may have taken what was refused here: only the store's own trouble says nothing about the claims.
  private func foreign(_ token: Token, of account: AccountKey, _ refusal: Refusal, _ subject: String) -> (AccountKey, Repairs.Cause)? {
    guard ![.unavailable, .diskFull, .pending].contains(refusal.code), let own = registry.store.index.bareEntry(of: account.raw) else {
      return nil
    }
    let common = (try? DecodedToken.decode(token))?.claims.common
    // A server that only reads its directory judges no pushes; what is newer will come to it as a file.
    if refusal.code == .readOnly, let common, common.iat >= own.iat { return nil }
    let text = refusal.code == .readOnly ? "older than the claims that are served" : refusal.message
    return (account, cause(common, text, subject))
  }

  private func cause(_ common: CommonClaims?, _ text: String, _ subject: String) -> Repairs.Cause {
    Repairs.Cause(text: text, issuer: NATSError.printable(common?.iss.text ?? ""), place: NATSError.printable(subject))
  }
}
