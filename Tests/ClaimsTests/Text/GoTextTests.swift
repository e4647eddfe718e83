import Testing

@testable import Claims

/// Expected texts by the rules of Go's `strconv.Quote`.
@Suite("quoted text")
struct GoTextTests {
  @Test(
    "is escaped as %q does",
    arguments: [
      ("", #""""#), ("a b", #""a b""#), (#"""#, #""\"""#), (#"\"#, #""\\""#), ("'", #""'""#),
      ("\u{7}\u{8}\u{C}\n\r\t\u{B}", #""\a\b\f\n\r\t\v""#),
      ("\0\u{1F}\u{7F}", #""\x00\x1f\x7f""#), ("é日😀", #""é日😀""#), ("\u{A0}\u{200B}\u{FEFF}", #""\u00a0\u200b\ufeff""#),
      ("\u{E0001}\u{10FFFF}", #""\U000e0001\U0010ffff""#), ("e\u{301}", "\"e\u{301}\""), ("\u{FFFD}", #""�""#),
    ])
  func text(_ text: String, _ quoted: String) {
    #expect(GoText.quoted(text).hasSameBytes(as: quoted))
    #expect(GoText.quoted(Array(text.utf8)[...]).hasSameBytes(as: quoted))
  }

  @Test(
    "shows bytes that are no UTF-8 one by one",
    arguments: [
      ([0xFF], #""\xff""#), ([0x61, 0xC3, 0x62], #""a\xc3b""#), ([0xE2, 0x82], #""\xe2\x82""#), ([0xED, 0xA0, 0x80], #""\xed\xa0\x80""#),
      ([0xC0, 0x80], #""\xc0\x80""#), ([0xF4, 0x90, 0x80, 0x80], #""\xf4\x90\x80\x80""#), ([0x7C, 0xC3, 0xA9, 0x80], #""|é\x80""#),
    ] as [([UInt8], String)])
  func bytes(_ bytes: [UInt8], _ quoted: String) {
    #expect(GoText.quoted(bytes[...]) == quoted)
  }
}
