/// What went wrong with a token, its claims, or an attempt to sign them.
///
/// Two errors are equal when their codes are equal. The message is written for strangers: it never holds a secret. Where the
/// reference library has a fixed text for the same failure, the message is that text.
public struct ClaimsError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kind of the failure; new kinds may be added.
  public struct Code: RawRepresentable, Hashable, Sendable {
    /// The stable name of the kind, as the conformance vectors write it.
    public let rawValue: String

    /// A kind by its name.
    public init(rawValue: String) {
      self.rawValue = rawValue
    }
  }

  /// The kind of the failure.
  public let code: Code

  /// A sentence that says what was wrong.
  public let message: String

  /// An error of a kind with a message that is safe for strangers.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The message.
  public var description: String { message }

  /// Errors are equal when their codes are.
  public static func == (left: ClaimsError, right: ClaimsError) -> Bool {
    left.code == right.code
  }

  /// Hashes the code alone, as equality asks.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(code)
  }
}

extension ClaimsError.Code {
  /// The token is larger than the decoder reads.
  public static let tooLarge = Self(rawValue: "too_large")
  /// The token does not have three chunks separated by dots.
  public static let chunks = Self(rawValue: "chunks")
  /// The header names another type or algorithm.
  public static let header = Self(rawValue: "header")
  /// A chunk is not base64url text.
  public static let base64 = Self(rawValue: "base64")
  /// A chunk is not JSON, or a member has the wrong type.
  public static let json = Self(rawValue: "json")
  /// The claims were written by a newer version of the format.
  public static let newerVersion = Self(rawValue: "newer_version")
  /// The claims carry a version that this kind never had.
  public static let unsupportedVersion = Self(rawValue: "unsupported_version")
  /// The claims are of a kind that is no longer supported.
  public static let unsupportedType = Self(rawValue: "unsupported_type")
  /// The signature over the payload chunk is wrong.
  public static let signatureV1 = Self(rawValue: "signature_v1")
  /// The signature over header and payload is wrong.
  public static let signatureV2 = Self(rawValue: "signature_v2")
  /// The issuer's role may not issue claims of this kind.
  public static let issuerPrefix = Self(rawValue: "issuer_prefix")
  /// The claims are of another kind than was asked for.
  public static let claimType = Self(rawValue: "claim_type")
  /// A text is not the canonical key that is needed.
  public static let key = Self(rawValue: "key")
  /// A line of a pack is not a key and a token.
  public static let pack = Self(rawValue: "pack")
  /// The subject does not suit the kind of the claims to sign, or an entry of a pack is about another account.
  public static let subject = Self(rawValue: "subject")
  /// A URL in the claims to sign is unusable.
  public static let url = Self(rawValue: "url")
  /// The claims hold a value that has no written form.
  public static let unwritable = Self(rawValue: "unwritable")
  /// The signer cannot sign.
  public static let signing = Self(rawValue: "signing")
  /// A scoped signing key's rules are broken.
  public static let scope = Self(rawValue: "scope")
  /// A difference does not belong to the claims that it was applied to.
  public static let difference = Self(rawValue: "difference")
  /// There is not enough in the claims to compute the answer.
  public static let incomplete = Self(rawValue: "incomplete")
}
