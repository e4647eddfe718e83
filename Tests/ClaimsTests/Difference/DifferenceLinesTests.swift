import Nkeys
import Testing

@testable import Claims

@Suite("A difference in words")
struct DifferenceLinesTests {
  private func lines(
    from prepare: (inout AccountClaims) -> Void = { _ in }, to edit: (inout AccountClaims) -> Void
  ) throws -> [String] {
    var old = AccountClaims(subject: "A")
    prepare(&old)
    var new = old
    edit(&new)
    return try ClaimsDifference(from: .account(old), to: .account(new)).lines
  }

  @Test("tells of limits as numbers, bytes or none at all")
  func limits() throws {
    #expect(try lines { $0.limits.connections = 10 } == ["connections: unlimited → 10"])
    #expect(try lines { $0.limits.payload = 1_048_576 } == ["payload: unlimited → 1 MiB"])
    #expect(try lines { $0.limits.data = 1000 } == ["data: unlimited → 1000 bytes"])
    #expect(try lines { $0.limits.leafNodes = 0 } == ["leaf nodes: unlimited → 0"])
    #expect(try lines { $0.limits.wildcards = false } == ["wildcard exports: yes → no"])
    #expect(
      try lines { $0.limits.tiers["R3"] = JetStreamLimits() } == [
        "tier R3 added: JetStream memory 0 bytes, JetStream disk 0 bytes, streams 0, consumers 0, pending acknowledgements 0, memory per stream 0 bytes, disk per stream 0 bytes"
      ])
    #expect(
      try lines(from: { $0.limits.tiers["R3"] = JetStreamLimits() }, to: { $0.limits.tiers["R3"]?.streams = 5 }) == [
        "tier R3: streams: 0 → 5"
      ])
  }

  @Test("tells of revocations")
  func revocations() throws {
    #expect(try lines { $0.revocations.revoke("UABC", at: 1_795_000_000) } == ["revoked UABC, issued until 2026-11-18 11:06:40 UTC"])
    #expect(try lines(from: { $0.revocations.revoke("UABC", at: 1) }, to: { $0.revocations.clear("UABC") }) == ["no longer revoked: UABC"])
    #expect(
      try lines(from: { $0.revocations.revoke("*", at: 1) }, to: { $0.revocations.revoke("*", at: 60) })
        == ["revoked *, issued until 1970-01-01 00:00:01 UTC → 1970-01-01 00:01:00 UTC"])
  }

  @Test("tells of exports and imports by their subjects")
  func subjects() throws {
    let orders = Export(.service, subject: "orders.>")
    #expect(try lines { $0.exports = [orders] } == ["export orders.> added: service"])
    #expect(try lines(from: { $0.exports = [orders] }, to: { $0.exports = [] }) == ["export orders.> removed"])
    #expect(
      try lines(from: { $0.exports = [orders] }, to: { $0.exports[0]?.tokenRequired = true }) == [
        "export orders.>: token required: no → yes"
      ])
    #expect(
      try lines(from: { $0.exports = [orders] }, to: { $0.exports[0]?.revocations.revoke("AB", at: 1) })
        == ["export orders.>: revoked AB, issued until 1970-01-01 00:00:01 UTC"])
    #expect(
      try lines { $0.imports = [Import(.stream, subject: "news", account: "AXYZ")] } == ["import news from AXYZ added: stream"])
    let two: [Export?] = [orders, Export(.stream, subject: "a")]
    #expect(try lines(from: { $0.exports = two }, to: { $0.exports.reverse() }) == ["exports: in another order"])
  }

  @Test("tells of keys, scopes, permissions, mappings and texts")
  func others() throws {
    #expect(try lines { $0.signingKeys.add("AKEY") } == ["signing key AKEY added"])
    #expect(
      try lines(
        from: { $0.signingKeys.add(UserScope(key: "AKEY")) },
        to: { claims in
          var scope = UserScope(key: "AKEY")
          scope.template.permissions.pub.allow = ["orders.>"]
          scope.template.subs = 0
          claims.signingKeys.add(scope)
        }) == ["signing key AKEY: publish: allow orders.> added", "signing key AKEY: subscriptions: unlimited → 0"])
    #expect(try lines { $0.defaultPermissions.sub.deny = ["x"] } == ["default permissions: subscribe: deny x added"])
    #expect(try lines { $0.mappings["foo"] = [WeightedMapping()] } == ["mapping foo: to  added"])
    #expect(try lines(from: { $0.common.name = "a" }, to: { $0.common.name = "b" }) == ["name: \"a\" → \"b\""])
    #expect(try lines { $0.common.exp = 60 } == ["expires: never → 1970-01-01 00:01:00 UTC"])
    #expect(try lines { $0.tags = ["x"] } == ["tag x added"])
  }

  @Test("knows an empty list from none: a scoped user must not have one")
  func emptyLists() throws {
    var (old, new) = (UserClaims(scopedSubject: "U"), UserClaims(scopedSubject: "U"))
    new.limits.permissions.pub.allow = []
    let difference = try ClaimsDifference(from: .user(old), to: .user(new))
    #expect(difference.lines == ["publish: allowed subjects added"])
    #expect(try difference.applied(to: .user(old)) == .user(new))
    old.limits.permissions.pub.allow = ["a"]
    let emptied = try ClaimsDifference(from: .user(old), to: .user(new))
    #expect(emptied.lines == ["publish: allowed subjects: a list → an empty list"])
    #expect(try emptied.applied(to: .user(old)) == .user(new))
  }

  @Test("shows no password and no token")
  func secrets() throws {
    var (old, new) = (AuthorizationRequestClaims(subject: "S"), AuthorizationRequestClaims(subject: "S"))
    old.connectOptions.password = "one"
    new.connectOptions.password = "two"
    new.connectOptions.jwt = "three"
    let lines = try ClaimsDifference(from: .authorizationRequest(old), to: .authorizationRequest(new)).lines
    #expect(lines == ["connect options: password: (not shown) → (not shown)", "connect options: token: none → (not shown)"])
  }

  @Test("has words for every member of the model")
  func completeness() {
    let account = MemberWords.of(.account).below(.member("nats"))
    let entry = ClaimsChange.Step.item("", number: 1)
    let objects: [(MemberWords, [StaticString])] = [
      (.of(.account), CommonClaims.layout.fields.map(\.name)),
      (account.below(.member("limits")), AccountLimits.layout.fields.map(\.name)),
      (account.below(.member("limits")).below(.member("tiered_limits")).below(entry), JetStreamLimits.layout.fields.map(\.name)),
      (account.below(.member("exports")).below(entry), Export.layout.fields.map(\.name)),
      (account.below(.member("imports")).below(entry), Import.layout.fields.map(\.name)),
      (account.below(.member("default_permissions")), Permissions.layout.fields.map(\.name)),
      (account.below(.member("authorization")), ExternalAuthorization.layout.fields.map(\.name)),
      (account.below(.member("trace")), MessageTrace.layout.fields.map(\.name)),
      (account.below(.member("signing_keys")).below(entry).below(.member("template")), UserPermissionLimits.fields.map(\.name)),
      (MemberWords.of(.user).below(.member("nats")), UserPermissionLimits.fields.map(\.name)),
    ]
    for (words, names) in objects {
      // What tells an entry from others is its name.
      let missing = names.map(\.description).filter { words.members[$0] == nil && !(words.isEntry && ["subject", "account"].contains($0)) }
      #expect(missing == [])
    }
  }
}
