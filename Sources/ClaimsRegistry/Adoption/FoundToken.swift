import Claims
import ClaimsStore
import Nkeys

/// A token that another program served, judged by its own merits: it decodes, verifies under its own issuer, is about the account that it was found
/// under, and no foreign operator's.
struct FoundToken: Sendable {
  /// Why a token is not served.
  struct Reason: Error {
    let text: String
  }

  let account: AccountKey
  /// The token without the line feed at its end.
  let token: Token
  let verified: VerifiedClaims
  let origin: IssuerOrigin

  var claims: Claims { verified.claims }

  /// Judges a token that was found under a name.
  init(_ raw: Token, under name: String, trust: TrustedOperators) throws(Reason) {
    token = raw.withoutTrailingLineFeed
    do {
      verified = try VerifiedClaims.decode(token)
    } catch {
      throw Reason(text: "it is damaged: \(error)")
    }
    guard case .account = verified.claims else {
      throw Reason(text: "it holds a token of type \(verified.claims.type.rawValue), not an account's")
    }
    let common = verified.claims.common
    do {
      account = try AccountKey(common.sub)
    } catch {
      throw Reason(text: "it is damaged: \(error)")
    }
    guard account.text == name else { throw Reason(text: "the token is about \(account), not about the account the file is named for") }
    origin = trust.origin(of: verified.claims)
    guard origin != .foreign else {
      throw Reason(
        text: "it is signed by \(PlainText.line(common.iss.text, limit: 64)), a key of an operator that is not trusted here")
    }
  }

  /// The record that takes the token over as it is.
  func change(time: Int64, actor: Requester, owner: String) -> Change {
    let common = claims.common
    return Change(
      time: time, kind: .adopt, subject: account, token: token, digest: token.digest, jti: common.jti, iat: common.iat, generation: 0,
      expires: common.exp, issuer: common.iss.text, actor: actor.description, owner: owner)
  }
}
