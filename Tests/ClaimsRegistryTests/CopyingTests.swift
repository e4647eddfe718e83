import Claims
import ClaimsRegistry
import ClaimsStore
import ClaimsTestSupport
import Nkeys
import Testing

@Suite("Tokens copied from another server")
struct CopyingTests {
  private let authority: TestAuthority
  private let subject: RegistryUnderTest
  private let account: AccountKey

  init() throws {
    authority = try TestAuthority()
    subject = try RegistryUnderTest(trusting: [authority])
    account = try TestAuthority.account()
  }

  private func copy(_ token: Token, isRenewing: Bool = true, under name: AccountKey? = nil) async throws -> CopyOutcome {
    try await subject.registry.copy([(name ?? account, token)], isRenewing: isRenewing, by: .primary("http://primary"))
  }

  private func kinds(_ account: AccountKey) async throws -> [ChangeKind] { try await subject.history(account).map(\.kind) }

  @Test("an unknown account is taken over as it is, also expired, once")
  func unknown() async throws {
    let token = try authority.account(account) { $0.common.exp = 1000 }
    let first = try await copy(Token(token.bytes + [0x0A]))
    #expect(first.taken == 1 && first.refused.isEmpty)
    #expect(subject.registry.lookup(account)?.token == token)
    let again = try await copy(token)
    #expect(again.kept == 1 && again.taken == 0)
    #expect(try await kinds(account) == [.adopt])
  }

  @Test("of a known account a newer token counts as a push, an older one or another of its second does not")
  func known() async throws {
    let ours = try authority.account(account, name: "ours", iat: TestTime.seconds)
    try await subject.store(ours)
    for token in [
      try authority.account(account, iat: TestTime.seconds - 1), try authority.account(account, name: "other", iat: TestTime.seconds),
    ] {
      #expect(try await copy(token).kept == 1)
    }
    #expect(subject.registry.lookup(account)?.token == ours)
    let newer = try authority.account(account, iat: TestTime.seconds + 1)
    #expect(try await copy(newer, isRenewing: false).kept == 1)
    #expect(try await copy(newer).renewed == 1)
    #expect(subject.registry.lookup(account)?.token == newer)
    #expect(try await kinds(account) == [.put, .put])
  }

  @Test("a deleted account does not come back by an older token")
  func deleted() async throws {
    let token = try authority.account(account, iat: TestTime.seconds)
    try await subject.store(token)
    _ = try await subject.registry.delete(try authority.deletion(of: [account]), by: .setup)
    #expect(try await copy(token).kept == 1)
    #expect(subject.registry.lookup(account) == nil)
  }

  @Test("damaged tokens, those under another name and foreign operators' are refused with the reason, and the others are taken")
  func refused() async throws {
    let good = try authority.account(account)
    let others = try (0..<3).map { _ in try TestAuthority.account() }
    let foreign = try TestAuthority()
    let outcome = try await subject.registry.copy(
      [
        (account, good), (others[0], Token(try authority.account(others[0]).bytes.dropLast())), (others[1], good),
        (others[2], try foreign.account(others[2], iat: TestTime.seconds + 10)),
      ], by: .primary("http://primary"))
    #expect(outcome.taken == 1)
    #expect(outcome.refused.count == 3)
    for (number, part) in ["damaged", "about \(account)", "not trusted"].enumerated() {
      #expect(outcome.refused.contains { $0.hasPrefix("\(others[number]): ") && $0.contains(part) }, "\(outcome.refused)")
    }
    #expect(subject.registry.accounts() == [account])
  }

  @Test("a newer token that a push would not be allowed is refused")
  func refusedPush() async throws {
    try await subject.store(try authority.account(account))
    let expired = try authority.account(account, iat: TestTime.seconds + 1) { $0.common.exp = 1000 }
    #expect(try await copy(expired).refused.first?.contains("expired") == true)
  }
}
