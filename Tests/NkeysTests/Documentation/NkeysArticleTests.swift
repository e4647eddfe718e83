import Nkeys
import TestSupport
import Testing

/// What the article of the library shows, run.
@Suite("the article about Nkeys")
struct NkeysArticleTests {
  @Test("has no snippet that is not compiled here")
  func snippets() throws {
    let missing = try Article.snippets(
      of: "Sources/Nkeys/Nkeys.docc/Nkeys.md", missingIn: "Tests/NkeysTests/Documentation/NkeysArticleTests.swift")
    #expect(missing == [])
  }

  @Test("makes, stores and restores a key pair, and signs with it")
  func keyPairs() throws {
    let account = try KeyPair.generate(.account)
    let name = account.publicKey.text  // "A…", 56 characters
    #expect(name.hasPrefix("A") && name.count == 56)

    let seed = try account.seedText()
    let restored = try seed.withUnsafeBytes { bytes in try KeyPair(seedUTF8: bytes) }
    #expect(restored.publicKey == account.publicKey)

    let signature = try account.sign(Array("orders are open".utf8))
    let signer = try PublicKey(name)
    let isGenuine = signer.verify(signature: signature, of: Array("orders are open".utf8))
    #expect(isGenuine)
    #expect(!signer.verify(signature: signature, of: Array("orders are shut".utf8)))
  }

  @Test("tells what is wrong with a text")
  func problems() throws {
    func problem(with text: String) -> NkeyError? {
      do throws(NkeyError) {
        _ = try PublicKey(text)
        return nil
      } catch {
        return error
      }
    }
    let account = try KeyPair.generate(.account)
    let name = account.publicKey.text
    let seed = try account.seedText().withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    #expect(problem(with: name) == nil)
    #expect(problem(with: name.dropLast() + (name.hasSuffix("A") ? "B" : "A"))?.code == .invalidChecksum)
    #expect(problem(with: seed)?.code == .invalidPublicKey)
    #expect(problem(with: name + "\n")?.code == .notCanonical)

    let reference = KeyReference("*")
    let key = reference.publicKey  // nil: the text is kept, but it is no key
    #expect(key == nil && reference.text == "*")
  }

  @Test("says that a point for which anybody can sign is a weak key")
  func weakPoint() throws {
    let zero = try #require(RawKey([UInt8](repeating: 0, count: RawKey.count)))
    let error = #expect(throws: NkeyError.self) { try PublicKey(role: .account, raw: zero) }
    #expect(error?.code == .weakKey)
  }

  @Test("writes credentials and reads them")
  func credentials() throws {
    let user = try KeyPair.generate(.user)
    let text = try CredentialsFile.text(userToken: "e30.e30.e30", seed: user)
    let credentials = try text.withUnsafeBytes { bytes in try CredentialsFile(parsing: String(decoding: bytes, as: UTF8.self)) }
    #expect(credentials.token == "e30.e30.e30")
    #expect(credentials.keyPair.publicKey == user.publicKey)
  }

  @Test("seals a box that the recipient opens")
  func boxes() throws {
    let sender = try KeyPair.generate(.curve)
    let recipient = try KeyPair.generate(.curve)
    let box = try sender.seal(Array("the password".utf8), to: recipient.publicKey)
    let opened = try recipient.open(box, from: sender.publicKey)
    #expect(opened == Array("the password".utf8))
  }
}
