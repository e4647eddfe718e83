import Nkeys
import Testing

@testable import Claims

@Suite("Claims that are signed and read again")
struct RoundTripTests {
  @Test("are the same claims, with the same bytes each time", arguments: ClaimType.allCases)
  func roundTrips(_ type: ClaimType) throws {
    let subject = KeyReference(try KeyPair.generate(type.subjectRole ?? .user).publicKey)
    let signer = try KeyPair.generate(type.issuerRoles.first ?? .account)
    for seed in 0..<300 {
      var random = RandomClaims(seed: UInt64(seed))
      let claims = random.claims(type, about: subject)
      let token = try claims.signed(by: signer, at: 1_750_000_000)
      #expect(try claims.signed(by: signer, at: 1_750_000_000) == token)
      // Generic claims have no form of their own to be decoded in: Decode takes their signature for one of version 1.
      let again = type == .generic ? try VerifiedClaims.decodeGeneric(token) : try VerifiedClaims.decode(token)
      #expect(again.claims.withoutSigning == claims.withoutSigning, "seed \(seed)")
      #expect(again.strictness.filter { $0.rule != .subjectKey && $0.rule != .aliasedKey } == [], "seed \(seed)")
    }
  }

  @Test(
    "verify again although the old token had its type outside the nats object",
    arguments: [
      "authorization_request", "authorization_response",
    ])
  func outerType(_ type: String) throws {
    let server = try KeyPair.generate(type == "authorization_request" ? .server : .account)
    let user = try KeyPair.generate(.user)
    let payload = #"{"iss":"\#(server)","sub":"\#(user)","type":"\#(type)","nats":{}}"#
    let claims = try VerifiedClaims.decode(TokenForge.token(payload, header: TokenForge.headerV1, signedBy: server, isV1: true)).claims
    #expect(claims.type.rawValue == type)
    #expect(throws: Never.self) { try VerifiedClaims.decode(claims.signed(by: server, at: 1)) }
  }
}

extension Claims {
  /// The claims without what signing sets, and with the lists in the order in which they are written.
  fileprivate var withoutSigning: Claims {
    switch self {
    case .operator(let claims): .operator(Self.plain(claims))
    case .account(let claims):
      .account(
        {
          var account = Self.plain(claims)
          account.imports.sort { ($0?.subject ?? "") < ($1?.subject ?? "") }
          account.exports.sort { ($0?.subject ?? "") < ($1?.subject ?? "") }
          return account
        }())
    case .user(let claims): .user(Self.plain(claims))
    case .activation(let claims): .activation(Self.plain(claims))
    case .authorizationRequest(let claims): .authorizationRequest(Self.plain(claims))
    case .authorizationResponse(let claims): .authorizationResponse(Self.plain(claims))
    case .generic(var claims):
      .generic(
        {
          Self.clear(&claims.common)
          claims.data?["version"] = nil
          return claims
        }())
    }
  }

  private static func plain<Model: ClaimsModel>(_ claims: Model) -> Model {
    var claims = claims
    clear(&claims.common)
    claims.typeText = ""
    claims.version = 0
    return claims
  }

  private static func clear(_ common: inout CommonClaims) {
    common.iss = ""
    common.iat = 0
    common.jti = ""
  }
}
