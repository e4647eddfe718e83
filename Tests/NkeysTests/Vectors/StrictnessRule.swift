import Nkeys

/// Where this module differs from the reference on purpose: the one table of it.
///
/// Each rule has a predicate on the input instead of a list of cases, so it holds for other sets too. The tests apply a
/// rule wherever its predicate is true and then demand the difference: a rule cannot cover cases on which we agree.
enum StrictnessRule: String, CaseIterable {
  case payloadLength = "payload-length"
  case lineBreak = "line-break"
  case surplusCharacters = "surplus-characters"
  case trailingBits = "trailing-bits"
  case prefixBits = "prefix-bits"
  case seedSpareBits = "seed-spare-bits"
  case smallOrder = "small-order"
  case nonCanonicalPoint = "non-canonical-point"
  case smallOrderNonce = "small-order-nonce"
  case smallOrderBox = "small-order-box"
  case curveKeyVerifies = "curve-key-verifies"
  case laterRole = "later-role"
  case carriageReturn = "carriage-return"
  case publicOnly = "public-only"

  var reason: String {
    switch self {
    case .payloadLength: "a key has 32 bytes; the reference takes others and fails, or crashes, when the key is used"
    case .lineBreak: "a text with CR or LF in it is another name for the same key, and no safe file name or subject"
    case .surplusCharacters: "a last group of 1, 3 or 6 characters holds no byte; RFC 4648 knows no such text"
    case .trailingBits: "unused bits that are set give several texts for one key"
    case .prefixBits: "the low three bits of the prefix byte, which typed checks ignore, give eight texts for one key"
    case .seedSpareBits: "the spare bits behind a seed's role give eight texts for one seed"
    case .smallOrder: "anybody can sign for a key of small order"
    case .nonCanonicalPoint: "a coordinate that is not reduced is a second name for a key (RFC 8032, 5.1.3)"
    case .smallOrderNonce: "a signature whose R is of small order is none that an honest signer makes; libsodium refuses it"
    case .smallOrderBox: "with an X25519 point of small order the shared secret is known to everybody"
    case .curveKeyVerifies: "an X25519 key is no Ed25519 key, even where its bytes happen to be one"
    case .laterRole: "module and service keys are younger than the reference set, where their letters are unknown"
    case .carriageReturn: "the CR of a bare seed's line belongs to the line end; the reference keeps it as a part of the seed's text"
    case .publicOnly: "a public curve key cannot be asked to seal or open here: the type has no such method, so there is no text either"
    }
  }

  /// True when the two outcomes differ in just the way the rule says.
  func explains(ours: Outcome, reference: Outcome) -> Bool {
    switch (self, ours, reference) {
    case (.laterRole, _, .refused(let text)): Self.textsForUnknownRoles.contains(text) && ours != reference
    case (.publicOnly, .refused, .refused(let text)):
      ["nkeys: cannot seal no private curve key available", "nkeys: cannot open no private curve key available"].contains(text)
    case (.carriageReturn, .accepted(let ours), .accepted(let reference)):
      ours["public"] == reference["public"] && ours["seed"].map { $0 + "\r" } == reference["seed"]
    // A weak key or one of the wrong kind is refused before anybody looks at the signature.
    case (.smallOrder, .refused, .refused(let text)), (.nonCanonicalPoint, .refused, .refused(let text)),
      (.curveKeyVerifies, .refused, .refused(let text)):
      text == "nkeys: signature verification failed"
    case (.laterRole, _, _), (.publicOnly, _, _), (.carriageReturn, _, _): false
    case (_, .refused, .accepted): true
    default: false
    }
  }

  private static let textsForUnknownRoles: Set<String> = [
    "nkeys: invalid public key", "nkeys: invalid seed", "nkeys: invalid prefix byte", "false",
  ]
}

extension StrictnessRule {
  /// The rule that a text meets as a public key of any role.
  static func publicKey(_ text: [UInt8]) -> Self? {
    guard let reading = ReferenceReading(text), let role = reading.role else { return nil }
    if !LenientKey.roles.contains(role) { return .laterRole }
    return reading.violation(behindPrefixOf: 1) ?? reading.weakness
  }

  /// The rule that a text meets as a public key of this role, where the reference ignores three bits of the prefix byte.
  static func publicKey(_ text: [UInt8], as role: Role) -> Self? {
    guard let reading = ReferenceReading(text), reading.bytes[0] & 0xF8 == role.prefixByte else { return nil }
    return reading.role == nil ? .prefixBits : publicKey(text)
  }

  /// The rule that a text meets as a seed.
  static func seed(_ text: [UInt8]) -> Self? {
    guard let reading = ReferenceReading(text), let role = reading.roleOfSeed else { return nil }
    if !LenientKey.roles.contains(role) { return .laterRole }
    // The reference checks the length of curve seeds, and of those only.
    if role == .curve, reading.bytes.count != 34 { return nil }
    return reading.violation(behindPrefixOf: 2) ?? (reading.bytes[1] & 7 == 0 ? nil : .seedSpareBits)
  }

  /// The rule that 32 bytes meet as an Ed25519 public key.
  static func weakness(of raw: [UInt8], prefix: UInt8) -> Self? {
    ReferenceReading(prefix: prefix, payload: raw).weakness
  }

  /// The rule that the role behind a prefix byte meets where keys are made.
  static func prefixByte(_ byte: UInt8) -> Self? {
    guard let role = Role(prefixByte: byte) else { return nil }
    return LenientKey.roles.contains(role) ? nil : .laterRole
  }
}
