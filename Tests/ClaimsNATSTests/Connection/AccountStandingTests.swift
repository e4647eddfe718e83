import Claims
import ClaimsTestSupport
import Nkeys
import Testing

@testable import ClaimsNATS

@Suite("Whether the user is of the system account")
struct AccountStandingTests {
  private let system = Result { try KeyPair.generate(.account) }
  private let other = Result { try KeyPair.generate(.account) }

  private func credentials(_ pair: KeyPair) throws -> UserCredentials {
    try UserCredentials(text: Fleet.credentials(of: pair, name: "bob"), file: "bob.creds")
  }

  @Test("an answer proves it, whatever the credentials file says")
  func answered() throws {
    let account = try AccountKey(system.get().publicKey)
    #expect(try AccountStanding(ping: .answered, credentials: credentials(other.get()), systemAccounts: [account]) == .system)
    #expect(AccountStanding(ping: .answered, credentials: nil, systemAccounts: []) == .system)
  }

  @Test("silence convicts only with a credentials file of another account")
  func silent() throws {
    let account = try AccountKey(system.get().publicKey)
    #expect(AccountStanding(ping: .silent, credentials: nil, systemAccounts: [account]) == .unconfirmed)
    #expect(try AccountStanding(ping: .silent, credentials: credentials(system.get()), systemAccounts: [account]) == .unconfirmed)
    #expect(try AccountStanding(ping: .silent, credentials: credentials(other.get()), systemAccounts: []) == .unconfirmed)
    #expect(
      try AccountStanding(ping: .silent, credentials: credentials(other.get()), systemAccounts: [account])
        == .foreign(.of(.notSystemAccount)))
  }

  @Test("the message names what is known, and what to do")
  func words() throws {
    let account = try AccountKey(system.get().publicKey)
    let wrong = try explanation(credentials(other.get()), [account])
    #expect(try wrong.contains(other.get().publicKey.text))
    #expect(wrong.contains(account.text))
    #expect(wrong.contains("bob"))
    #expect(try explanation(nil, [account]).contains(account.text))
    #expect(try explanation(credentials(system.get()), [account]).contains("system_account"))
    #expect(try explanation(credentials(other.get()), []).contains("not the servers' system account"))
  }

  private func explanation(_ credentials: UserCredentials?, _ systemAccounts: Set<AccountKey>) throws -> String {
    let standing = AccountStanding(ping: .noResponders, credentials: credentials, systemAccounts: systemAccounts)
    guard case .foreign(let error) = standing else { return "\(standing)" }
    return error.message
  }
}

@Suite("Credentials files")
struct UserCredentialsTests {
  @Test("the account is the token's issuer account, else its issuer")
  func account() throws {
    let signing = try KeyPair.generate(.account)
    let account = try TestAuthority.account()
    var claims = UserClaims(subject: try KeyReference(KeyPair.generate(.user).publicKey))
    claims.common.name = "ann"
    let plain = try UserCredentials(text: claims.signed(by: signing, at: TestTime.seconds).text, file: "f")
    #expect(try plain.account == AccountKey(signing.publicKey))
    claims.issuerAccount = KeyReference(account.publicKey)
    let issued = try UserCredentials(text: claims.signed(by: signing, at: TestTime.seconds).text, file: "f")
    #expect(issued.account == account)
    #expect(issued.name == "ann")
    #expect(issued.user == claims.common.sub.text)
  }

  @Test("a file without a user token is refused, by name")
  func refused() throws {
    let folder = try TemporaryFolder()
    try folder.write("nothing", to: "bad.creds")
    try folder.write(TestAuthority().token.text, to: "operator.creds")
    for name in ["missing.creds", "bad.creds", "operator.creds"] {
      do {
        _ = try UserCredentials(file: "\(folder.path)/\(name)")
        Issue.record("\(name) was taken")
      } catch {
        #expect(error.code == .credentials)
        #expect(error.message.contains(name))
      }
    }
  }

  @Test("a file is read up to the end of its token")
  func file() throws {
    let folder = try TemporaryFolder()
    let account = try KeyPair.generate(.account)
    try folder.write(Fleet.credentials(of: account, name: "ann"), to: "ann.creds")
    #expect(try UserCredentials(file: folder.path + "/ann.creds").account == AccountKey(account.publicKey))
  }
}
