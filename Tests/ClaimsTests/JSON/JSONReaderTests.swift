import Testing

@testable import Claims

@Suite("reading JSON")
struct JSONReaderTests {
  private func read(_ text: String) throws -> JSONValue { try JSONReader().read(Array(text.utf8)) }

  @Test("values keep their order, and numbers written as integers are integers")
  func values() throws {
    #expect(
      try read(#" {"b":[1,-2.5,1e2,1e300,true,null], "a":"x"} "#)
        == .object([
          .init("b", .array([.integer(1), .double(-2.5), .integer(100), .double(1e300), .bool(true), .null])), .init("a", .string("x")),
        ]))
    #expect(try read("9223372036854775807") == .integer(.max))
    #expect(try read("-9223372036854775808") == .integer(.min))
    #expect(try read("18446744073709551615") == .unsigned(.max))
    #expect(try read("18446744073709551616") == .double(18_446_744_073_709_551_616))
    #expect(try read("-0").jsonText == "-0")
  }

  @Test(
    "what is not JSON is refused",
    arguments: [
      "", " ", "{", "[", "[1", "[1,", "[1,]", "[,1]", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{a:1}", "{\"a\" 1}",
      "{\"a\":1 \"b\":2}", "01", "-", "+1", "1.", ".5", "1e", "1e+", "0x1", "tru", "nul", "falsee", "\"", "\"\\", "\"\\x\"", "\"\\u12\"",
      "\"\\u12g4\"", "\"\n\"", "\"\t\"", "'a'", "1 2", "[1}", "{\"a\":1]", "]", "}", "\u{FEFF}1", "//x\n1", "NaN", "Infinity", "1e400",
    ])
  func refusals(_ text: String) {
    #expect(throws: ClaimsError(.json, "")) { try read(text) }
  }

  @Test("escapes are decoded, halves of pairs become U+FFFD")
  func escapes() throws {
    #expect(try read(#""\"\\\/\b\f\n\r\t\u0041""#) == .string("\"\\/\u{8}\u{C}\n\r\tA"))
    #expect(try read(#""\ud83d\ude00""#) == .string("😀"))
    #expect(try read(#""\ud83dx""#) == .string("\u{FFFD}x"))
    #expect(try read(#""\ud83d\u0041""#) == .string("\u{FFFD}A"))
    #expect(try read(#""\ude00\ud83d""#) == .string("\u{FFFD}\u{FFFD}"))
  }

  @Test(
    "each byte of invalid UTF-8 becomes U+FFFD",
    arguments: [
      ([0xFF], 1), ([0xC0, 0xAF], 2), ([0xE2, 0x82], 2), ([0xED, 0xA0, 0x80], 3), ([0xF0, 0x80, 0x80, 0x80], 4),
      ([0xF4, 0x90, 0x80, 0x80], 4),
      ([0xC2], 1),
    ] as [([UInt8], Int)])
  func invalidUTF8(_ bytes: [UInt8], _ count: Int) throws {
    let value = try JSONReader().read([0x22] + bytes + [0x7A, 0x22])
    #expect(value == .string(String(repeating: "\u{FFFD}", count: count) + "z"))
  }

  @Test("nesting is bounded by the scanner and by the tree")
  func depth() throws {
    func nested(_ depth: Int) -> [UInt8] {
      [UInt8](repeating: UInt8(ascii: "["), count: depth) + [UInt8](repeating: UInt8(ascii: "]"), count: depth)
    }
    #expect(try JSONDocument(nested(JSONScanner.maximumDepth)).nodes.count == JSONScanner.maximumDepth)
    #expect(throws: ClaimsError(.json, "")) { try JSONDocument(nested(JSONScanner.maximumDepth + 1)) }
    #expect(throws: Never.self) { try JSONReader().read(nested(JSONReader.maximumDepth)) }
    #expect(throws: ClaimsError(.json, "")) { try JSONReader().read(nested(JSONReader.maximumDepth + 2)) }
  }

  @Test("repeated members are refused when asked for")
  func duplicates() throws {
    let text = Array(#"{"a":1,"b":{"c":1,"c":2}}"#.utf8)
    #expect(throws: ClaimsError(.json, "")) { try JSONReader().readRefusingDuplicates(text) }
    #expect(try JSONReader().read(text)["b"]?["c"] == .integer(2))
  }

  @Test("no text crashes the reader")
  func mutations() throws {
    var generator = SeededGenerator(1)
    let seed = Array(#"{"iss":"\u00e9\ud83d\ude00x","nats":{"a":[1,-2.5e+3,true,null,"\"\\"],"b":{}},"é":0}"#.utf8)
    for _ in 0..<4000 {
      var bytes = seed
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let index = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes.remove(at: index)
        default: bytes.insert(bytes[Int.random(in: 0..<bytes.count, using: &generator)], at: index)
        }
      }
      guard let value = try? JSONReader().read(bytes) else { continue }
      // What was read can be written and read again, with the same outcome.
      #expect(try JSONReader().read(Array(value.jsonText.utf8)).jsonText == value.jsonText)
    }
  }

  @Test(
    "reads a number that is written as an integer as one, so that it stays the same",
    arguments: [
      "2.0", "2e0", "-3.00", "1e20", "9.223372036854775808e18", "0.5", "-0", "-0.0", "1e21", "18446744073709551616",
    ])
  func numberForms(_ literal: String) throws {
    let value = try JSONReader().read(Array(literal.utf8))
    #expect(try JSONReader().read(Array(value.jsonText.utf8)) == value)
  }
}
