extension Claims {
  /// The claims in the reference's layout, members that this version does not know left out.
  ///
  /// A latency sampling that the reference could not write is shown as the number it is.
  public func jsonText() -> String {
    var writer = JSONWriter(keepsUnknownMembers: false)
    write(to: &writer)
    return writer.text
  }

  /// The bytes that the reference writes for these claims. Throws `unwritable` when it cannot write them.
  public func referenceJSON() throws(ClaimsError) -> [UInt8] {
    var writer = JSONWriter(keepsUnknownMembers: false)
    write(to: &writer)
    if let failure = writer.failure { throw failure }
    return writer.bytes
  }

  func write(to json: inout JSONWriter) {
    switch self {
    case .operator(let claims): OperatorClaims.layout.write(claims, to: &json)
    case .account(let claims): AccountClaims.layout.write(claims, to: &json)
    case .user(let claims): UserClaims.layout.write(claims, to: &json)
    case .activation(let claims): ActivationClaims.layout.write(claims, to: &json)
    case .authorizationRequest(let claims): AuthorizationRequestClaims.layout.write(claims, to: &json)
    case .authorizationResponse(let claims): AuthorizationResponseClaims.layout.write(claims, to: &json)
    case .generic(let claims): GenericClaims.layout.write(claims, to: &json)
    }
  }

  /// Reads claims of a kind from JSON in their own layout, members that are missing being empty.
  ///
  /// Unlike a token's payload, the JSON need not say of which kind it is. Throws `json`.
  public init(_ type: ClaimType, json: [UInt8]) throws(ClaimsError) {
    let root = try JSONDocument(json).root
    switch type {
    case .operator: self = .operator(try Self.decodeCurrent(root))
    case .account: self = .account(try Self.decodeCurrent(root))
    case .user: self = .user(try Self.decodeCurrent(root))
    case .activation: self = .activation(try Self.decodeCurrent(root))
    case .authorizationRequest: self = .authorizationRequest(try Self.decodeCurrent(root))
    case .authorizationResponse: self = .authorizationResponse(try Self.decodeCurrent(root))
    case .generic: self = .generic(try Self.decodeGeneric(root))
    }
  }
}
