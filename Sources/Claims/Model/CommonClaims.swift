public import Nkeys

/// The members that all claims share, under the names of RFC 7519. Times are seconds since 1970.
public struct CommonClaims: Hashable, Sendable {
  /// Whom the claims are for.
  public var aud = ""
  /// When they expire; 0 means never.
  public var exp: Int64 = 0
  /// A hash of the top-level members, set when claims are signed.
  public var jti = ""
  /// When they were issued.
  public var iat: Int64 = 0
  /// The public key of the signer.
  public var iss: KeyReference = ""
  /// A name for people.
  public var name = ""
  /// From when on they are valid; 0 means always.
  public var nbf: Int64 = 0
  /// The public key that the claims are about; generic claims may be about anything.
  public var sub: KeyReference = ""
  /// Top-level members that this version does not know.
  public var unknown = UnknownMembers()

  /// All members empty.
  public init() {}

  /// Only the subject set.
  public init(sub: KeyReference) {
    self.sub = sub
  }

  /// Whether the expiry has passed; the very second of the expiry is still valid.
  public func isExpired(at now: Int64) -> Bool {
    exp > 0 && now > exp
  }

  /// Whether the claims are not valid yet.
  public func isEarly(at now: Int64) -> Bool {
    nbf > 0 && nbf > now
  }

  /// Whether the issuer is the subject itself.
  public var isSelfSigned: Bool { iss == sub }
}

extension CommonClaims: JSONObject {
  static let layout = JSONLayout<CommonClaims>(
    unknown: \.unknown,
    [
      .member("aud", \.aud), .member("exp", \.exp), .member("jti", \.jti), .member("iat", \.iat), .member("iss", \.iss),
      .member("name", \.name), .member("nbf", \.nbf), .member("sub", \.sub),
    ])
}
