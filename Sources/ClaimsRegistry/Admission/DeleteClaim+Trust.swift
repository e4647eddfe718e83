import Claims
import ClaimsStore

extension DeleteClaim {
  /// Whose an account is, if the claim's signer may delete it under the trust that the index's state meets: the trust may have changed since
  /// the claim was read, and an account is deleted only by the operator that it belongs to.
  func owner(of account: AccountKey, current: AccountEntry?, trust: Trust, index: AccountIndex) throws(Refusal) -> String {
    let signers = trust.holders(of: issuer)
    guard !signers.isEmpty else { throw failure(.untrustedIssuer, "not trusted") }
    guard !trust.systemAccounts.contains(account) else { throw failure(.systemAccount, "not allowed to delete system account") }
    do throws(Refusal) {
      return try Ownership(trust: trust, index: index).settle(account, current: current, signers: signers)
    } catch {
      throw failure(error.code, error.message)
    }
  }

  private func failure(_ code: Refusal.Code, _ reason: String) -> Refusal {
    Refusal(code, "delete accounts request by \(PlainText.line(issuer, limit: 64)) failed - \(reason)")
  }
}
