/// What went wrong with a key, a signature, a box or a decorated file.
///
/// Two errors are equal when their codes are. Messages never hold secret text; where the reference library has
/// a text of its own for a case, the message is that text.
public struct NkeyError: Error, Hashable, CustomStringConvertible {
  /// The kind of error. More may be added.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    /// A stable name such as `invalid_checksum`.
    public let description: String
  }

  /// The kind of error, for decisions.
  public let code: Code

  /// A sentence for people, safe to show to strangers.
  public let message: String

  /// The message.
  public var description: String { message }

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// True when the codes are equal, whatever the messages say.
  public static func == (left: NkeyError, right: NkeyError) -> Bool {
    left.code == right.code
  }

  /// Feeds the code to the hasher.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(code)
  }
}

extension NkeyError.Code {
  /// A character that is not of the base32 alphabet.
  public static let illegalBase32 = Self(description: "illegal_base32")
  /// Text too short to hold a prefix, a payload and a checksum.
  public static let invalidEncoding = Self(description: "invalid_encoding")
  /// The checksum does not fit the bytes.
  public static let invalidChecksum = Self(description: "invalid_checksum")
  /// A prefix byte that no role has, or another one than was asked for.
  public static let invalidPrefixByte = Self(description: "invalid_prefix_byte")
  /// Well-formed text that is not a public key.
  public static let invalidPublicKey = Self(description: "invalid_public_key")
  /// Well-formed text that is not a seed.
  public static let invalidSeed = Self(description: "invalid_seed")
  /// A raw seed that is not 32 bytes long.
  public static let invalidSeedLength = Self(description: "invalid_seed_length")
  /// A seed that is not one of a curve key.
  public static let invalidCurveSeed = Self(description: "invalid_curve_seed")
  /// Text that the reference reads but that is not the one canonical text of its key.
  public static let notCanonical = Self(description: "not_canonical")
  /// An Ed25519 public key of small order or with a non-canonical coordinate.
  public static let weakKey = Self(description: "weak_key")
  /// A signature that is not the key's over the message.
  public static let signatureMismatch = Self(description: "signature_mismatch")
  /// A curve key asked to sign or to verify.
  public static let curveKeyCannotSign = Self(description: "curve_key_cannot_sign")
  /// A key of another role asked to seal or to open.
  public static let onlyCurveKeysSeal = Self(description: "only_curve_keys_seal")
  /// The recipient of a box is not a curve key that can be sealed to.
  public static let invalidRecipient = Self(description: "invalid_recipient")
  /// The sender of a box is not a curve key.
  public static let invalidSender = Self(description: "invalid_sender")
  /// Sealed bytes too short to be a box.
  public static let invalidBox = Self(description: "invalid_box")
  /// Sealed bytes of another version than `xkv1`.
  public static let unknownBoxVersion = Self(description: "unknown_box_version")
  /// A box that does not open with these keys.
  public static let cannotOpen = Self(description: "cannot_open")
  /// No seed in a decorated text.
  public static let noSeedFound = Self(description: "no_seed_found")
  /// What stands in the place of the seed is none that a decorated text may hold.
  public static let notASeed = Self(description: "not_a_seed")
  /// The seed in a decorated text is not a user's.
  public static let notAUserSeed = Self(description: "not_a_user_seed")
  /// Something else where a decorated text or a caller should have a token.
  public static let noTokenFound = Self(description: "no_token_found")
  /// The cryptographic library could not start or gave no protected memory.
  public static let cryptographyUnavailable = Self(description: "cryptography_unavailable")
}
