import Claims
import ClaimsStore
import Nkeys

/// A request to delete accounts: a generic token, signed by an operator key about itself, with the accounts in `nats.accounts`.
///
/// nats-server takes the same token on `$SYS.REQ.CLAIMS.DELETE`; the texts of its refusals are kept.
struct DeleteClaim: Sendable {
  let token: Token
  let digest: TokenDigest
  let issuer: String
  let jti: String
  let iat: Int64
  let accounts: [AccountKey]

  /// Reads and judges a delete claim at `now`, in seconds since 1970.
  init(_ token: Token, trust: Trust, policy: AdmissionPolicy, now: Int64) throws(Refusal) {
    let verified: VerifiedClaims
    do {
      verified = try VerifiedClaims.decodeGeneric(token)
    } catch {
      throw Refusal(.badToken, "delete accounts request failed - \(error.message)")
    }
    guard case .generic(let claims) = verified.claims else {
      throw Refusal(
        .badToken, "delete accounts request failed - a generic token is expected, this is a token of type \(verified.claims.type.rawValue)")
    }
    let common = claims.common
    func failure(_ code: Refusal.Code, _ reason: String) -> Refusal {
      Refusal(code, "delete accounts request by \(PlainText.line(common.iss.text, limit: 64)) failed - \(reason)")
    }
    if let violation = verified.strictness.first {
      throw failure(.notStrict, "strictness: \(violation.rule.rawValue): \(violation.detail)")
    }
    // Version 1 does not sign the header: the same claim would have many texts, and each would delete once.
    guard verified.isHeaderSigned else { throw failure(.version1, "a token of version 1; sign it with a tool of today") }
    guard !trust.holders(of: common.iss.text).isEmpty else { throw failure(.untrustedIssuer, "not trusted") }
    guard common.iss == common.sub else { throw failure(.wrongSubject, "not self signed") }
    guard let accounts = Self.accounts(in: claims) else {
      throw failure(.badToken, "malformed request: nats.accounts must be a list of account keys")
    }
    if common.exp > 0, now > common.exp { throw failure(.invalidClaims, "claim is expired since \(Timestamp.text(common.exp))") }
    if common.nbf > now { throw failure(.invalidClaims, "claim is not yet valid until \(Timestamp.text(common.nbf))") }
    guard !policy.isAhead(common.iat, at: now) else {
      throw failure(.fromTheFuture, "issued at \(Timestamp.text(common.iat)), but the clock here says \(Timestamp.text(now))")
    }
    let system = trust.systemAccounts
    guard accounts.allSatisfy({ !system.contains($0) }) else { throw failure(.systemAccount, "not allowed to delete system account") }
    self.token = token
    digest = token.digest
    issuer = common.iss.text
    jti = common.jti
    iat = common.iat
    self.accounts = accounts
  }

  private static func accounts(in claims: GenericClaims) -> [AccountKey]? {
    guard case .array(let items)? = claims.data?["accounts"] else { return nil }
    var accounts: [AccountKey] = []
    for item in items {
      guard case .string(let text) = item, let account = try? AccountKey(text) else { return nil }
      if !accounts.contains(account) { accounts.append(account) }
    }
    return accounts
  }

  /// What the claim does to one account, given what is stored of it.
  ///
  /// - Parameters:
  ///   - account: the account.
  ///   - current: what is stored of it.
  ///   - owner: the operator it belongs to; empty when that is not known.
  ///   - closing: closing claims to be stored in front of the tombstone.
  ///   - wasUsed: whether this claim deleted the account before.
  ///   - time: now, in milliseconds since 1970.
  ///   - requester: who asks.
  /// - Returns: the closing claims, if any, and the tombstone; or the refusal.
  /// - Throws: what `wasUsed` threw.
  func judge(
    _ account: AccountKey, current: AccountEntry?, owner: String, closing: ClosingClaims?, wasUsed: () throws -> Bool, time: Int64,
    requester: Requester
  ) throws -> Proposal.Decision {
    guard let current else { return .refuse(Refusal(.unknownAccount, "no matching account JWT")) }
    if try wasUsed() {
      return .refuse(Refusal(.deleteUsed, "this delete claim already deleted \(account) once; sign a new one to delete it again"))
    }
    guard !current.isDeleted else { return .refuse(Refusal(.unknownAccount, "no matching account JWT: \(account) is deleted already")) }
    guard current.iat <= iat else {
      return .refuse(
        Refusal(
          .older,
          "the delete claim was issued at \(iat) (\(Timestamp.text(iat))), the stored claims of \(account) later, at "
            + "\(current.iat) (\(Timestamp.text(current.iat))): sign a new delete claim if they shall go too"))
    }
    // The claim's second is the mark from here on: the closing claims have the next place in it, the tombstone the one behind them.
    let next = iat == current.iat ? current.generation + 1 : 0
    let actor = requester.description
    let closed = closing.map { $0.change(time: time, iat: iat, generation: next, actor: actor, owner: owner) }
    let tombstone = Change(
      time: time, kind: .delete, subject: account, token: token, digest: digest, jti: jti, iat: iat,
      generation: closed == nil ? next : next + 1, expires: 0, issuer: issuer, actor: actor, owner: owner)
    return .appendAll([closed, tombstone].compactMap(\.self))
  }
}
