import Nkeys
import Testing

@testable import Claims

@Suite("Packs")
struct PackTests {
  private let account: KeyPair
  private let signer: KeyPair

  init() throws {
    account = try .generate(.account)
    signer = try .generate(.operator)
  }

  private func entry(iat: Int64 = 1, name: String = "a", exp: Int64 = 0, about subject: KeyPair? = nil) throws -> PackEntry {
    var claims = AccountClaims(subject: KeyReference((subject ?? account).publicKey))
    claims.common.name = name
    claims.common.exp = exp
    return PackEntry(key: KeyReference(account.publicKey), token: try claims.signed(by: signer, at: iat))
  }

  private func entries(_ text: String) throws -> [PackEntry] {
    var reader = PackReader(Array(text.utf8))
    var entries: [PackEntry] = []
    while let entry = try reader.next() { entries.append(entry) }
    return entries
  }

  @Test("are read as they were written")
  func roundTrip() throws {
    let written = try (1...3).map { try entry(iat: $0) }
    let text = PackText(written)
    #expect(text.count == 3)
    #expect(try entries(String(decoding: text.bytes, as: UTF8.self)) == written)
    #expect(PackText().bytes.isEmpty)
    #expect(try entries("") == [])
  }

  @Test("may have empty lines anywhere")
  func emptyLines() throws {
    let entry = try entry()
    let line = String(decoding: PackText([entry]).bytes, as: UTF8.self)
    #expect(try entries("\n\n\(line)\n\n\(line)\n") == [entry, entry])
  }

  @Test("are read up to a bad line, and behind it", arguments: ["bad", "a|b|c", " ", "KEY", "\u{7F}|\"|"])
  func badLine(_ bad: String) throws {
    let entry = try entry()
    let line = String(decoding: PackText([entry]).bytes, as: UTF8.self)
    var reader = PackReader(Array("\(line)\n\(bad)\n\(line)".utf8))
    #expect(try reader.next() == entry)
    let error = #expect(throws: ClaimsError.self) { try reader.next() }
    #expect(error?.code == .pack)
    #expect(error?.message == "line in package didn't contain 2 entries: \(GoText.quoted(bad))")
    #expect(try reader.next() == entry)
    #expect(try reader.next() == nil)
  }

  @Test("show the bytes of a bad line that are no text")
  func badBytes() {
    var reader = PackReader([0x41, 0xFF, 0x0A])
    let error = #expect(throws: ClaimsError.self) { try reader.next() }
    #expect(error?.message == #"line in package didn't contain 2 entries: "A\xff""#)
  }

  @Test("name accounts and nothing else", arguments: ["junk", "", "OBEH62SJ2QKKXNZ2MWKVWTU47K7JX22VBOMULHCGRXBDM6U6APBMOSLB"])
  func otherKey(_ key: String) {
    let error = #expect(throws: ClaimsError.self) { try entries("\(key)|token") }
    #expect(error?.code == .key)
  }

  @Test("leave a carriage return to the token")
  func carriageReturn() throws {
    #expect(try entries("\(account)|x\r\n").map(\.token) == [Token("x\r")])
  }

  @Test("keep what is newer: the same id and older issue times are skipped")
  func merging() throws {
    let stored = try entry(iat: 5)
    #expect(try stored.merged(over: nil) == .store)
    #expect(try stored.merged(over: stored.token) == .skip)
    #expect(try entry(iat: 4).merged(over: stored.token) == .skip)
    #expect(try entry(iat: 5, name: "b").merged(over: stored.token) == .store)
    #expect(try entry(iat: 6).merged(over: stored.token) == .store)
    #expect(try stored.merged(over: Token("damaged")) == .store)
  }

  @Test("are not merged with a token that cannot be read, or that is about another account")
  func refusedMerges() throws {
    let stored = try entry(iat: 5)
    let damaged = PackEntry(key: stored.key, token: Token("damaged"))
    #expect(try damaged.merged(over: nil) == .store)
    #expect(throws: ClaimsError(.chunks, "")) { try damaged.merged(over: stored.token) }
    let foreign = try entry(iat: 6, about: KeyPair.generate(.account))
    #expect(throws: ClaimsError(.subject, "")) { try foreign.merged(over: stored.token) }
    #expect(throws: ClaimsError(.subject, "")) { try entry(iat: 7).merged(over: foreign.token) }
  }

  @Test("leave expired tokens out, but not those of the very second, nor those that cannot be read")
  func expiry() throws {
    let entry = try entry(exp: 100)
    #expect(!entry.isExpired(at: 100))
    #expect(entry.isExpired(at: 101))
    #expect(!PackEntry(key: entry.key, token: Token("damaged")).isExpired(at: 101))
    #expect(try !self.entry().isExpired(at: .max))
  }
}
