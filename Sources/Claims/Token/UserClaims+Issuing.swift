public import Nkeys

extension UserClaims {
  /// Issues a user of a scoped signing key in one call, with the reference's rules and texts.
  ///
  /// The limits are the signing key's, so the claims carry none. Without a name the user's key is the name. The lifetime is in
  /// seconds, 0 for no expiry; `now` is in seconds since 1970.
  /// Throws `key` for keys of other roles, or what signing throws.
  public static func issue(
    by signer: some ClaimsSigner, account: KeyReference, user: KeyReference, name: String = "", lifetime: Int64 = 0, tags: [String] = [],
    at now: Int64
  ) throws(ClaimsError) -> Token {
    try check(account, .account, "accountId")
    try check(user, .user, "publicUserKey")
    var claims = UserClaims(scopedSubject: user)
    claims.common.name = name.isEmpty ? user.text : name
    claims.common.exp = lifetime == 0 ? 0 : now &+ lifetime
    claims.issuerAccount = account
    claims.tags = tags
    do throws(ClaimsError) {
      return try claims.signed(by: signer, at: now)
    } catch {
      throw ClaimsError(error.code, "err encoding claim \(error.message)")
    }
  }

  private static func check(_ key: KeyReference, _ role: Role, _ parameter: String) throws(ClaimsError) {
    let prefix = key.lenientKey?.prefix ?? .unknown
    guard prefix == .role(role) else {
      throw ClaimsError(.key, "issueUserJWT requires an account key for the \(parameter) parameter, but got \(name(of: prefix))")
    }
  }

  private static func name(of prefix: LenientKey.Prefix) -> String {
    switch prefix {
    case .role(.curve): "x25519"
    case .role(let role): role.rawValue
    case .seed: "seed"
    case .privateKey: "private"
    case .unknown: "unknown"
    }
  }
}
