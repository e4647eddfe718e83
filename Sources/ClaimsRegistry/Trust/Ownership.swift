import Claims
import ClaimsStore

/// To which operator an account belongs, and so whose signature may change it.
///
/// An account belongs to the operator of its first token until it is transferred, also while it is deleted, and also when that operator is
/// not trusted any more.
struct Ownership: Sendable {
  let trust: Trust
  let index: AccountIndex

  /// The owner of an account after a change that these operators signed: it stays as it is, and an account that is new takes the first.
  ///
  /// An account that is here without an owner was adopted, and nobody trusted signed it: it is the one operator's, if there is only one.
  ///
  /// Throws `foreignOperator` when the account belongs to none of them, or nobody knows to whom.
  func settle(_ account: AccountKey, current: AccountEntry?, signers: [String]) throws(Refusal) -> String {
    let owners = current.map(owners) ?? []
    guard let owner = owners.first else {
      guard current == nil || trust.operators.count == 1 else {
        throw Refusal(
          .foreignOperator,
          "foreign operator: nobody knows to which operator the account \(account) belongs, since none that is trusted here signed its claims: "
            + "give it to one with `nats-claims transfer \(account) --to \(signers.first ?? "OPERATOR")`")
      }
      return signers.first ?? ""
    }
    if let owner = owners.first(where: signers.contains) { return owner }
    throw Refusal(
      .foreignOperator,
      "foreign operator: the account \(account) belongs to the operator \(owner), not to \(signers.first ?? "the one that signed this"): "
        + "have \(owner) sign it, or give the account away with `nats-claims transfer \(account) --to \(signers.first ?? "OPERATOR")`")
  }

  /// Whose an account is. Records from before accounts had owners name none, nor do adopted ones whose issuer was not trusted: then it is who
  /// signed what is stored, as far as that is known now.
  func owners(of current: AccountEntry) -> [String] {
    let noted = index.text(of: current.owner)
    return noted.isEmpty ? trust.holders(of: index.text(of: current.issuer)) : [noted]
  }
}
