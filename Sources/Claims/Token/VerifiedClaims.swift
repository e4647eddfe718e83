import Nkeys

/// Claims whose signature was checked under the issuer that they name, whose role may issue such claims.
///
/// Only this module makes them. Whether the issuer is trusted is another question.
public struct VerifiedClaims: Sendable {
  /// The token as it was received.
  public let token: Token

  /// The claims.
  public let claims: Claims

  /// What the strict rules object to.
  public let strictness: [StrictnessViolation]

  /// The operator's claims, when they are.
  public var `operator`: OperatorClaims? { claims.operator }

  /// The account's claims, when they are.
  public var account: AccountClaims? { claims.account }

  /// The user's claims, when they are.
  public var user: UserClaims? { claims.user }

  /// The activation, when it is one.
  public var activation: ActivationClaims? { claims.activation }

  /// The generic claims, when they are.
  public var generic: GenericClaims? { claims.generic }

  /// Whether the signature covers the header, as it does since version 2; if not, the header can be exchanged by anyone.
  public let isHeaderSigned: Bool

  fileprivate init(token: Token, claims: Claims, strictness: [StrictnessViolation], form: DecodedToken.SignatureForm) {
    isHeaderSigned = form == .headerAndPayload
    self.token = token
    self.claims = claims
    self.strictness = strictness
  }
}

extension DecodedToken {
  /// Checks the signature under the issuer, and that the issuer's role may issue such claims.
  ///
  /// Throws `base64` for the signature's chunk, `signatureV1` or `signatureV2`, then `issuerPrefix`.
  public func verify() throws(ClaimsError) -> VerifiedClaims {
    let issuer = claims.common.iss.lenientKey
    let violations = try checkSignature(of: issuer)
    let allowed = claims.type.issuerRoles
    if !allowed.isEmpty {
      guard let role = issuer?.role, allowed.contains(role) else {
        throw ClaimsError.issuerPrefix(allowed)
      }
    }
    return VerifiedClaims(token: token, claims: claims, strictness: violations, form: form)
  }

  /// The strictness violations, those of the signature's chunk included.
  fileprivate func checkSignature(of issuer: LenientKey?) throws(ClaimsError) -> [StrictnessViolation] {
    var quirks: [StrictnessViolation] = []
    let signature = try TokenChunks.decode(chunks.signature, of: token, named: "signature", &quirks)
    let signed = form == .payload ? chunks.payload : chunks.signedV2
    let isGood = token.bytes.withUnsafeBytes { bytes in
      signature.withUnsafeBytes { signature in
        issuer?.verify(signature: signature, of: UnsafeRawBufferPointer(rebasing: bytes[signed])) ?? false
      }
    }
    guard isGood else {
      throw form == .payload
        ? ClaimsError(.signatureV1, "claim failed V1 signature verification")
        : ClaimsError(.signatureV2, "claim failed V2 signature verification")
    }
    if quirks.isEmpty { return strictness }
    return strictness + quirks.filter { quirk in !strictness.contains { $0.rule == quirk.rule } }
  }
}

extension VerifiedClaims {
  /// Reads a token and checks its signature, as the reference's `Decode` does.
  ///
  /// Throws what `DecodedToken.decode` and `DecodedToken.verify` throw.
  public static func decode(_ token: Token) throws(ClaimsError) -> VerifiedClaims {
    try DecodedToken.decode(token).verify()
  }

  /// Reads a token that must hold claims of a kind.
  ///
  /// Throws what `decode` throws, and `claimType` for claims of another kind.
  public static func decode(_ token: Token, as type: ClaimType) throws(ClaimsError) -> VerifiedClaims {
    let verified = try decode(token)
    guard verified.claims.type == type else {
      let wanted =
        switch type {
        case .operator, .account, .user, .activation, .generic: "not \(type.rawValue) claim"
        case .authorizationRequest, .authorizationResponse: "not an authorization request claim"
        }
      throw ClaimsError(.claimType, wanted)
    }
    return verified
  }

  /// Reads a token of any kind as generic claims, as the reference's generic decoder does: no size limit, no rule for the issuer,
  /// and the form of the signature by the header's algorithm.
  ///
  /// Throws `chunks`, `base64`, `json`, `header`, `signatureV1` or `signatureV2`.
  public static func decodeGeneric(_ token: Token) throws(ClaimsError) -> VerifiedClaims {
    let parts = try TokenParts(token)
    var envelope = GenericEnvelope()
    try envelope.read(parts.payload.root)
    let isOld = parts.header.alg == TokenHeader.algorithmV1
    let claims = Claims.generic(envelope.claims)
    var strictness = parts.strictness(claims, isOld ? 1 : ClaimsIdentifier.currentVersion)
    if token.bytes.count > Token.maximumSize {
      strictness.append(StrictnessViolation(.oversize, "\(token.bytes.count) bytes"))
    }
    let decoded = DecodedToken(
      token: token, header: parts.header, claims: claims, strictness: strictness, form: isOld ? .payload : .headerAndPayload,
      chunks: parts.chunks)
    let violations = try decoded.checkSignature(of: claims.common.iss.lenientKey)
    return VerifiedClaims(token: token, claims: .generic(try envelope.migrated(isOld)), strictness: violations, form: decoded.form)
  }
}

/// What the generic decoder reads: the claims, and the members that version 1 had outside the `nats` object.
private struct GenericEnvelope: JSONObject {
  var claims = GenericClaims()
  var tags: [String] = []
  var type = ""
  var version = 0

  static let layout = JSONLayout<Self>(
    GenericClaims.layout.fields.map { $0.lifted(to: \.claims) } + [
      .member("tags", \.tags), .member("type", \.type), .member("version", \.version),
    ])

  /// In version 1 type and tags move into the `nats` object. The reference crashes when there is none.
  func migrated(_ isOld: Bool) throws(ClaimsError) -> GenericClaims {
    guard isOld, !type.isEmpty || !tags.isEmpty else { return claims }
    guard var data = claims.data else { throw ClaimsError(.json, "json: there is no nats object to hold type and tags") }
    if !type.isEmpty { data["type"] = .string(type) }
    if !tags.isEmpty { data["tags"] = .array(tags.map { .string($0) }) }
    var migrated = claims
    migrated.data = data
    return migrated
  }
}

extension ClaimsError {
  /// The error for an issuer or signer of another role than those allowed.
  static func issuerPrefix(_ allowed: [Role]) -> ClaimsError {
    ClaimsError(.issuerPrefix, "unable to validate expected prefixes - [\(allowed.map(\.rawValue).joined(separator: " "))]")
  }
}
