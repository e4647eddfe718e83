import Nkeys
import Testing

@testable import Claims

@Suite("The difference of any two claims")
struct DifferencePropertyTests {
  @Test("is empty for the same claims, and makes the new ones from the old ones", arguments: ClaimType.allCases)
  func applies(_ type: ClaimType) throws {
    var random = RandomClaims(seed: 7)
    var old = random.claims(type, about: "S")
    var differing = 0
    for _ in 0..<400 {
      let new = random.claims(type, about: "S")
      let difference = try ClaimsDifference(from: old, to: new)
      #expect(difference.isEmpty == (old == new))
      #expect(try ClaimsDifference(from: new, to: new).isEmpty)
      #expect(try difference.applied(to: old) == new, "\(difference.lines)")
      #expect(difference.lines.count == difference.changes.count)
      #expect(!difference.lines.contains { $0.isEmpty || $0.hasPrefix(":") || $0.hasPrefix(" ") })
      if !difference.isEmpty { differing += 1 }
      old = new
    }
    #expect(differing > 300)
  }

  @Test("holds for the claims of the vectors, whatever members they have")
  func vectors() throws {
    var byType: [ClaimType: [Claims]] = [:]
    for vector in ClaimsVectors.decode.cases("decode") where vector.expected.bool("ok") {
      let claims = try VerifiedClaims.decode(vector.token()).claims
      // What is deeper than a tree of values may be is compared no more than it is shown.
      guard (try? JSONReader().read(Array(claims.jsonText().utf8))) != nil else { continue }
      byType[claims.type, default: []].append(claims.about("S"))
    }
    #expect(byType.count == ClaimType.allCases.count)
    for claims in byType.values {
      for (old, new) in zip(claims, claims.dropFirst() + claims.prefix(1)) {
        let difference = try ClaimsDifference(from: old, to: new)
        #expect(try ClaimsDifference(from: difference.applied(to: old), to: new).isEmpty, "\(difference.lines)")
        #expect(try ClaimsDifference(from: new, to: new).isEmpty)
      }
    }
  }

  @Test("that was made from other claims is not applied")
  func mismatch() throws {
    var (old, new) = (AccountClaims(subject: "S"), AccountClaims(subject: "S"))
    old.exports = [Export(.stream, subject: "a"), Export(.stream, subject: "b")]
    new.exports = [Export(.stream, subject: "b")]
    let difference = try ClaimsDifference(from: .account(old), to: .account(new))
    #expect(throws: ClaimsError(.difference, "")) { try difference.applied(to: .account(new)) }
  }

  @Test("is refused for two kinds or two subjects, by name")
  func refused() throws {
    let account = Claims.account(AccountClaims(subject: "A"))
    #expect(throws: ClaimsError(.claimType, "")) { try ClaimsDifference(from: account, to: .user(UserClaims(subject: "A"))) }
    #expect(throws: ClaimsError(.subject, "")) { try ClaimsDifference(from: account, to: .account(AccountClaims(subject: "B"))) }
  }
}

extension Claims {
  /// The same claims about another subject.
  fileprivate func about(_ subject: KeyReference) -> Claims {
    switch self {
    case .operator(var claims):
      claims.common.sub = subject
      return .operator(claims)
    case .account(var claims):
      claims.common.sub = subject
      return .account(claims)
    case .user(var claims):
      claims.common.sub = subject
      return .user(claims)
    case .activation(var claims):
      claims.common.sub = subject
      return .activation(claims)
    case .authorizationRequest(var claims):
      claims.common.sub = subject
      return .authorizationRequest(claims)
    case .authorizationResponse(var claims):
      claims.common.sub = subject
      return .authorizationResponse(claims)
    case .generic(var claims):
      claims.common.sub = subject
      return .generic(claims)
    }
  }
}
