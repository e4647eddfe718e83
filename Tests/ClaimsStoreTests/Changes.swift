import Claims
import ClaimsStore
import ClaimsTestSupport

/// Changes for tests: the store does not look into tokens, so any bytes will do.
func change(
  _ subject: AccountKey, _ text: String, kind: ChangeKind = .put, iat: Int64 = TestTime.seconds, generation: Int64 = 0, expires: Int64 = 0
) -> Change {
  let token = Token(text)
  return Change(
    time: TestTime.seconds * 1000 + 7, kind: kind, subject: subject, token: token, digest: token.digest, jti: "jti of \(text)", iat: iat,
    generation: generation, expires: expires, issuer: "issuer", actor: "test")
}

/// A proposal that is always appended.
func put(_ change: Change) -> Proposal {
  Proposal(subject: change.subject) { _, _ in .append(change) }
}

struct RefusedInTest: Error, Equatable {}
