import Nkeys
import Testing

@testable import Claims

@Suite("members that this version does not know")
struct UnknownMembersTests {
  private static let payload = """
    {"iss":"%","sub":"%","future":{"a":[1, 2]},"nats":{"type":"account","version":2,"exports":[{"subject":"a","type":"stream","shiny":1.0}],\
    "limits":{"subs":5,"warp":{"x":null}},"signing_keys":[{"kind":"user_scope","key":"K","glow":true,"template":{"dim":7}}],"hue":"blue"}}
    """

  @Test("they survive an edit and a new signature")
  func surviveSigning() throws {
    let key = try KeyPair.generate(.account)
    let token = try TokenForge.token(Self.payload.replacing("%", with: key.publicKey.text), signedBy: key)
    var claims = try #require(try VerifiedClaims.decode(token).account)
    claims.description = "edited"
    let signed = try claims.signed(by: key, at: 7)
    let again = try #require(try VerifiedClaims.decode(signed).account)
    #expect(again.description == "edited")
    #expect(again.common.unknown.json(named: "future") == #"{"a":[1, 2]}"#)
    #expect(again.unknown.json(named: "hue") == #""blue""#)
    #expect(again.exports.first??.unknown.json(named: "shiny") == "1.0")
    #expect(again.limits.unknown.json(named: "warp") == #"{"x":null}"#)
    #expect(again.signingKeys.scope(of: "K")?.unknown.json(named: "glow") == "true")
    #expect(again.signingKeys.scope(of: "K")?.unknownInTemplate.json(named: "dim") == "7")
  }

  @Test("the reference's own text leaves them out")
  func referenceText() throws {
    let key = try KeyPair.generate(.account)
    let token = try TokenForge.token(Self.payload.replacing("%", with: key.publicKey.text), signedBy: key)
    let text = try VerifiedClaims.decode(token).claims.jsonText()
    for name in ["future", "shiny", "warp", "glow", "dim", "hue"] { #expect(!text.contains(name)) }
  }

  @Test("a scoped user with unknown members still sets no permissions")
  func scopedUser() throws {
    var claims = UserClaims(scopedSubject: "u")
    #expect(claims.limits.isEmpty)
    try claims.limits.permissions.pub.read(JSONDocument(Array(#"{"later":1}"#.utf8)).root)
    #expect(claims.limits.isEmpty)
    claims.limits.permissions.pub.allow = []
    #expect(!claims.limits.isEmpty)
  }
}
