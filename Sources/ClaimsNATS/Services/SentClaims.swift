import Claims
import ClaimsRegistry

/// What follows from claims that somebody sent to the servers, and that are not what is stored: servers may have taken them. Pure.
enum SentClaims: Sendable, Equatable {
  /// Nothing that is known here is touched by them, or it cannot be said.
  case harmless
  /// They are not ours: ours go out again.
  case foreign
  /// They were replaced here within their second: another of ours may not know that yet.
  case replaced
  /// They close an account that is not deleted here: another of ours may be deleting it.
  case closing

  /// Whether claims are older than those stored; nothing more needs to be known of them then.
  static func areOlder(than own: TokenVersion?, iat: Int64) -> Bool {
    guard let own, !own.isDeleted else { return false }
    return iat < own.iat
  }

  /// Whether claims are those stored.
  static func areStored(_ own: TokenVersion?, digest: TokenDigest) -> Bool {
    guard let own, !own.isDeleted else { return false }
    return own.digest == digest
  }

  /// What refused claims come to; their issue time is nil when they cannot be read.
  init(refused code: Refusal.Code, own: TokenVersion?, iat: Int64?) {
    guard let own, code.isAboutClaims || code == .readOnly else {
      self = .harmless
      return
    }
    // A server that only reads its directory judges no pushes; what is newer will come to it as a file.
    if code == .readOnly, let iat, iat >= own.iat {
      self = .harmless
    } else {
      self = code == .superseded ? .replaced : .foreign
    }
  }

  /// What closing claims come to, which are stored by nobody. Servers hear of them on the accounts' subjects alone.
  init(closing own: TokenVersion?, isOnAccountSubject: Bool) {
    let isOpen = own.map { !$0.isDeleted } ?? false
    self = isOpen && isOnAccountSubject ? .closing : .harmless
  }
}
