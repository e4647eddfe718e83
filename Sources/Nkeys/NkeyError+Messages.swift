// The errors by code and text. The texts that the reference libraries have too are theirs to the letter, because tools compare them.
extension NkeyError {
  static func illegalBase32(at offset: Int) -> Self { Self(.illegalBase32, "illegal base32 data at input byte \(offset)") }
  static let invalidEncoding = Self(.invalidEncoding, "nkeys: invalid encoded key")
  static let invalidChecksum = Self(.invalidChecksum, "nkeys: invalid checksum")
  static let invalidPrefixByte = Self(.invalidPrefixByte, "nkeys: invalid prefix byte")
  static let invalidPublicKey = Self(.invalidPublicKey, "nkeys: invalid public key")
  static let invalidSeed = Self(.invalidSeed, "nkeys: invalid seed")
  static let invalidSeedLength = Self(.invalidSeedLength, "nkeys: invalid seed length")
  static let invalidCurveSeed = Self(.invalidCurveSeed, "nkeys: not a valid curve seed")
  static let signatureMismatch = Self(.signatureMismatch, "nkeys: signature verification failed")
  static let curveKeyCannotSign = Self(.curveKeyCannotSign, "nkeys: curve key is not valid for sign/verify")
  static let onlyCurveKeysSeal = Self(.onlyCurveKeysSeal, "nkeys: only curve key can seal/open")
  static let invalidRecipient = Self(.invalidRecipient, "nkeys: not a valid recipient public curve key")
  static let invalidSender = Self(.invalidSender, "nkeys: not a valid sender public curve key")
  static let invalidBox = Self(.invalidBox, "nkeys: encrypted input is not valid")
  static let unknownBoxVersion = Self(.unknownBoxVersion, "nkeys: encrypted input wrong version")
  static let cannotOpen = Self(.cannotOpen, "nkeys: could not decrypt input")
  static let roleNotDecorated = Self(.notASeed, "seed is not an operator, account or user seed")
  static let notAUserSeed = Self(.notAUserSeed, "nkey seed is not an user seed")

  static func notCanonical(_ reason: String) -> Self { Self(.notCanonical, "nkeys: not the canonical text of a key: \(reason)") }
  static let smallOrder = Self(.weakKey, "nkeys: the public key is a point of small order, for which anybody can sign")
  static let nonCanonicalPoint = Self(.weakKey, "nkeys: the public key's coordinate is not reduced")
  static let noTokenFound = Self(.noTokenFound, "nkeys: no token found where one is expected")
  static let cryptographyUnavailable = Self(.cryptographyUnavailable, "nkeys: libsodium could not start or has no protected memory left")
}
