import Claims
import Nkeys
import TestSupport
import Testing

/// What the article of the library shows, run.
@Suite("the article about Claims")
struct ClaimsArticleTests {
  @Test("has no snippet that is not compiled here")
  func snippets() throws {
    let missing = try Article.snippets(
      of: "Sources/Claims/Claims.docc/Claims.md", missingIn: "Tests/ClaimsTests/Documentation/ClaimsArticleTests.swift")
    #expect(missing == [])
  }

  @Test("knows unlimited, and which subjects a subject holds")
  func values() {
    let limit = Limit.unlimited
    let hasRoom = limit.allows(1_000_000)  // true
    let isInside = Subject("orders.eu.*").isContained(in: "orders.>")  // true
    #expect(hasRoom && isInside)
  }

  @Test("issues an account, judges it, changes it and tells what changed")
  func account() throws {
    let operatorKey = try KeyPair.generate(.operator)
    let accountKey = try KeyPair.generate(.account)

    var account = AccountClaims(subject: KeyReference(accountKey.publicKey))
    account.common.name = "orders"
    account.limits.connections = 100
    account.exports = [Export(.stream, subject: "orders.>")]
    let token = try account.signed(by: operatorKey, at: 1_790_000_000)

    let verified = try VerifiedClaims.decode(token)
    if let account = verified.account {
      print(account.common.name, account.limits.connections)  // orders 100
    }
    #expect(verified.account?.common.name == "orders" && verified.account?.limits.connections.description == "100")

    let issues = verified.claims.issues(at: 1_790_000_000)
    let isUsable = !issues.isBlocking(includingTimeChecks: true)
    #expect(isUsable)

    var operatorClaims = OperatorClaims(subject: KeyReference(operatorKey.publicKey))
    operatorClaims.common.name = "trading"
    let isOurs = operatorClaims.didSign(verified.claims)
    #expect(isOurs)

    let objections = verified.strictness.map(\.description)
    #expect(objections == [])

    try change(verified, accountKey, operatorKey)
    try issueUser(&account, accountKey)
  }

  private func change(_ verified: VerifiedClaims, _ accountKey: KeyPair, _ operatorKey: KeyPair) throws {
    guard var changed = verified.account else { return }
    changed.limits.connections = .unlimited
    changed.revocations.revoke(Revocations.allKeys, at: 1_790_000_100)
    let newToken = try changed.signed(by: operatorKey, at: 1_790_000_100)

    let newClaims = try VerifiedClaims.decode(newToken).claims
    let difference = try ClaimsDifference(from: verified.claims, to: newClaims)
    print(difference.lines.dropFirst().joined(separator: "\n"))  // the first line tells the identifiers
    let shown = try Repository.text("Sources/Claims/Claims.docc/Claims.md")
    #expect(shown.contains("```\n" + difference.lines.dropFirst().joined(separator: "\n") + "\n```"))

    var pack = PackText()
    pack.append(try AccountKey(accountKey.publicKey), newToken)
    var reader = PackReader(pack.bytes)
    while let entry = try reader.next() {
      print(entry.key, entry.token.bytes.count)
    }
    #expect(pack.count == 1)
  }

  private func issueUser(_ account: inout AccountClaims, _ accountKey: KeyPair) throws {
    let signingKey = try KeyPair.generate(.account)
    let userKey = try KeyPair.generate(.user)
    var scope = UserScope(key: KeyReference(signingKey.publicKey))
    scope.template.permissions.pub.allow = ["orders.new"]
    account.signingKeys.add(scope)

    let userToken = try UserClaims.issue(
      by: signingKey, account: KeyReference(accountKey.publicKey), user: KeyReference(userKey.publicKey), name: "web", lifetime: 3600,
      at: 1_790_000_000)
    let credentials = try CredentialsFile.text(userToken: userToken.text, seed: userKey)
    #expect(account.didSign(try VerifiedClaims.decode(userToken).claims))
    #expect(try Credentials.userConfiguration(userToken, seed: text(of: userKey.seedText())).count == credentials.count)
  }

  private func text(of secret: SecretText) -> String { secret.withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }
}
