public import Nkeys

/// Decorated text of tokens and seeds, made with the reference's checks and texts.
///
/// Seeds must be canonical, where the reference writes anything that begins like one.
public enum Credentials {
  /// A token between its marker lines, which name its kind.
  ///
  /// Throws what `VerifiedClaims.decode` throws.
  public static func decorated(_ token: Token) throws(ClaimsError) -> String {
    let claims = try VerifiedClaims.decode(token).claims
    return DecoratedText.decorate(token: token.text, type: claims.typeText)
  }

  /// A seed between its marker lines, below a warning; blanks around it are dropped. Throws `key`.
  public static func decorated(seed: String) throws(ClaimsError) -> SecretText {
    let seed = GoText.trimmed(seed)
    try checkBeginning(of: seed)
    do throws(NkeyError) {
      return try DecoratedText.decorate(seedOf: KeyPair(seed: seed))
    } catch {
      throw ClaimsError(.key, error.message)
    }
  }

  /// The text of a credentials file for a user's token and seed; line breaks behind the seed are dropped.
  ///
  /// Throws what `VerifiedClaims.decode` throws, then `claimType`, then `key` for a seed that is not the user's.
  public static func userConfiguration(_ token: Token, seed: String) throws(ClaimsError) -> SecretText {
    let claims = try VerifiedClaims.decode(token).claims
    guard claims.typeText == ClaimType.user.rawValue else {
      throw ClaimsError(.claimType, "\(GoText.quoted(claims.typeText)) cannot be serialized as a user config")
    }
    try checkBeginning(of: GoText.trimmed(seed))
    guard GoText.trimmed(seed).hasPrefix("SU") else { throw ClaimsError(.key, "nkey seed is not an user seed") }
    let pair: KeyPair
    do throws(NkeyError) {
      pair = try KeyPair(seed: withoutLineEnd(seed))
    } catch {
      throw ClaimsError(.key, error.message)
    }
    guard pair.publicKey.text == claims.common.sub.text.uppercased() else {
      throw ClaimsError(.key, "nkey seed does not match the jwt subject")
    }
    do throws(NkeyError) {
      return try CredentialsFile.text(userToken: token.text, seed: pair)
    } catch {
      throw ClaimsError(.key, error.message)
    }
  }

  private static func checkBeginning(of seed: String) throws(ClaimsError) {
    guard seed.utf8.count >= 2 else { throw ClaimsError(.key, "seed is too short") }
    guard ["SO", "SA", "SU"].contains(String(seed.prefix(2))) else {
      throw ClaimsError(.key, "seed is not an operator, account or user seed")
    }
  }

  private static func withoutLineEnd(_ text: String) -> String {
    var bytes = Array(text.utf8)
    while bytes.last == 0x0A || bytes.last == 0x0D { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }
}
