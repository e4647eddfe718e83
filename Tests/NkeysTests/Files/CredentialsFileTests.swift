import Testing

@testable import Nkeys

@Suite("Credentials files")
struct CredentialsFileTests {
  private let token = "eyJ0eXAi.eyJpc3Mi.c2ln-_"

  private let expected = """
    -----BEGIN NATS USER JWT-----
    eyJ0eXAi.eyJpc3Mi.c2ln-_
    ------END NATS USER JWT------

    ************************* IMPORTANT *************************
    NKEY Seed printed below can be used to sign and prove identity.
    NKEYs are sensitive and should be treated as secrets.

    -----BEGIN USER NKEY SEED-----
    SUAKX3NBGDS5GUEOA2KRUXAASLOUALJNHHNLOAFOQADMLAMDRLD4BM2FRE
    ------END USER NKEY SEED------

    *************************************************************

    """

  @Test("are written byte for byte as the reference writes them, and read again")
  func roundTrip() throws {
    let pair = try KeyPair(seed: KeyPairTests.seed)
    let text = try CredentialsFile.text(userToken: token, seed: pair).revealed
    #expect(text == expected)
    let withoutEnd = try #require(text.ranges(of: "SEED------").first).upperBound
    for variant in [text, text.replacing("\n", with: "\r\n"), String(text[..<withoutEnd])] {
      let file = try CredentialsFile(parsing: variant)
      #expect(file.token == token)
      #expect(file.keyPair.publicKey == pair.publicKey)
    }
  }

  @Test("never give a seed out as the token")
  func onlySeed() throws {
    let seedOnly = try DecoratedText.decorate(seedOf: KeyPair(seed: KeyPairTests.seed)).revealed
    for text in [seedOnly, KeyPairTests.seed] {
      #expect(throws: NkeyError.noTokenFound) { try CredentialsFile(parsing: text) }
    }
  }

  @Test("are not written for other roles or with a token that no reader would find")
  func refusals() throws {
    let account = try KeyPair.generate(.account)
    let user = try KeyPair.generate(.user)
    #expect(throws: NkeyError.notAUserSeed) { try CredentialsFile.text(userToken: token, seed: account) }
    for token in ["", "a.b", "a.b.c.d", "a.b.c\n", "a.b.c d", "a.b.ç"] {
      #expect(throws: NkeyError.noTokenFound) { try CredentialsFile.text(userToken: token, seed: user) }
    }
    #expect(throws: NkeyError.roleNotDecorated) { try DecoratedText.decorate(seedOf: KeyPair.generate(.server)) }
  }

  @Test("print as the user's public key")
  func printing() throws {
    let file = try CredentialsFile(parsing: expected)
    var dumped = "\(file)"
    dump(file, to: &dumped)
    #expect(dumped.contains(KeyPairTests.publicKey))
    #expect(!dumped.contains("SUAKX3N") && !dumped.contains(token))
  }

  @Test("decorate tokens by the claim's type")
  func decoratedToken() {
    let text = DecoratedText.decorate(token: token, type: "authorization_request")
    #expect(text == "-----BEGIN NATS AUTHORIZATION_REQUEST JWT-----\n\(token)\n------END NATS AUTHORIZATION_REQUEST JWT------\n\n")
    #expect(DecoratedText.token(in: text) == token)
  }

  @Test("may hold a bare seed behind blanks of any kind, which is then named as the fault")
  func blanksBeforeSeed() {
    for blank in [" ", "\t", "\u{A0}", "\u{2003}\u{3000}"] {
      #expect { try DecoratedText.keyPair(in: blank + KeyPairTests.seed, dialect: .nkeys) } throws: {
        "\($0)" == "nkeys: doesn't contain a seed nkey"
      }
    }
  }
}
