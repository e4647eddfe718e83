import Nkeys

/// What signing claims makes.
struct SignedClaims {
  let token: Token
  let payload: [UInt8]
  let jti: String
  /// The bytes whose hash the jti is.
  let hashed: [UInt8]
}

extension Claims {
  /// The token of these claims, signed: with the reference's exact bytes, and members that this version does not know behind those
  /// that it knows.
  ///
  /// Issuer, issue time, jti, type and version are set; the claims themselves stay as they are. Time is in seconds since 1970.
  /// Throws `subject`, `url`, `issuerPrefix`, `unwritable` or `signing`, checked in this order; nothing else is validated.
  public func signed(by signer: some ClaimsSigner, at iat: Int64) throws(ClaimsError) -> Token {
    try signedClaims(by: signer, at: iat).token
  }

  func signedClaims(by signer: some ClaimsSigner, at iat: Int64) throws(ClaimsError) -> SignedClaims {
    try checkSubject()
    let allowed = type.issuerRoles
    guard allowed.isEmpty || allowed.contains(signer.publicKey.role) else { throw ClaimsError.issuerPrefix(allowed) }
    var common = self.common
    common.iss = KeyReference(signer.publicKey)
    common.iat = iat
    common.jti = ""
    let hashed = common.topLevelJSON
    common.jti = Base32Text.encode(SHA512t256.hash(hashed))
    let payload = try prepared(with: common).payloadJSON()
    let signedText = Base64URL.encode(TokenHeader.current) + [UInt8(ascii: ".")] + Base64URL.encode(payload)
    let signature = try signer.signature(of: signedText)
    let token = Token(signedText + [UInt8(ascii: ".")] + Base64URL.encode(signature))
    return SignedClaims(token: token, payload: payload, jti: common.jti, hashed: hashed)
  }

  private func payloadJSON() throws(ClaimsError) -> [UInt8] {
    var writer = JSONWriter()
    write(to: &writer)
    if let failure = writer.failure { throw failure }
    return writer.bytes
  }

  /// The claims as they are written: with other top-level members, their kind, the current version, and lists in order.
  private func prepared(with common: CommonClaims) throws(ClaimsError) -> Claims {
    switch self {
    case .operator(let claims): return .operator(Self.prepared(claims, with: common))
    case .account(let claims):
      var account = Self.prepared(claims, with: common)
      account.imports = try Self.sorted(account.imports, by: \.subject, "import")
      account.exports = try Self.sorted(account.exports, by: \.subject, "export")
      return .account(account)
    case .user(let claims): return .user(Self.prepared(claims, with: common))
    case .activation(let claims): return .activation(Self.prepared(claims, with: common))
    case .authorizationRequest(let claims): return .authorizationRequest(Self.prepared(claims, with: common))
    case .authorizationResponse(let claims): return .authorizationResponse(Self.prepared(claims, with: common))
    case .generic(var claims):
      claims.common = common
      claims.data?["version"] = .integer(Int64(ClaimsIdentifier.currentVersion))
      return .generic(claims)
    }
  }

  private static func prepared<Model: ClaimsModel>(_ claims: Model, with common: CommonClaims) -> Model {
    var claims = claims
    claims.common = common
    claims.typeText = Model.type.rawValue
    claims.version = ClaimsIdentifier.currentVersion
    return claims
  }

  /// By subject, equal subjects in the order they had. The reference crashes when it compares an entry that is null.
  private static func sorted<Entry>(
    _ entries: [Entry?], by subject: KeyPath<Entry, Subject>, _ name: String
  ) throws(ClaimsError) -> [Entry?] {
    let present = entries.compactMap(\.self)
    guard present.count == entries.count else {
      guard entries.count == 1 else { throw ClaimsError(.unwritable, "a null \(name) beside others cannot be ordered") }
      return entries
    }
    return present.enumerated().sorted { left, right in
      let (one, other) = (left.element[keyPath: subject], right.element[keyPath: subject])
      return one == other ? left.offset < right.offset : one < other
    }.map(\.element)
  }

  private func checkSubject() throws(ClaimsError) {
    let subject = common.sub
    switch self {
    case .operator(let claims):
      try Self.check(subject.isKey(of: .operator), "expected subject to be an operator public key")
      if let issue = claims.accountServerURLIssue { throw ClaimsError(.url, issue) }
    case .account: try Self.check(subject.isKey(of: .account), "expected subject to be account public key")
    case .user: try Self.check(subject.isKey(of: .user), "expected subject to be user public key")
    case .activation: try Self.check(subject.isKey(of: .account), "expected subject to be an account")
    case .authorizationRequest, .authorizationResponse, .generic: try Self.check(!subject.isEmpty, "subject is not set")
    }
  }

  private static func check(_ isGood: Bool, _ message: String) throws(ClaimsError) {
    guard isGood else { throw ClaimsError(.subject, message) }
  }
}

extension CommonClaims {
  /// The top-level members alone, in their order, as JSON.
  var topLevelJSON: [UInt8] {
    var writer = JSONWriter(keepsUnknownMembers: false)
    write(to: &writer)
    return writer.bytes
  }
}
