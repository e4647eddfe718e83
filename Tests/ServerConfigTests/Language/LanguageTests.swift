import Testing

@testable import ServerConfig

@Suite("The configuration language") struct LanguageTests {
  /// The content of the key `k` of a configuration.
  private func content(_ text: String, environment: [String: String] = [:]) throws -> ConfigValue.Content? {
    let map = try ConfigSource(environment: environment).read(text: text, file: "test.conf")
    return map.entries.last { $0.key == "k" }?.value.content
  }

  private func texts(_ content: ConfigValue.Content?) -> [String]? {
    guard case .array(let values) = content else { return nil }
    return values.map { if case .text(let text) = $0.content { text } else { $0.shown } }
  }

  @Test(
    "a key is parted from its value by an equals sign, a colon or space",
    arguments: ["k=v", "k = v", "k:v", "k: v", "k v", "k\tv", "k\nv", "k \n = v", "\"k\": v", "'k' v", "\u{FEFF}k v", "  k v  "])
  func separators(_ text: String) throws {
    #expect(try content(text) == .text("v"))
  }

  @Test(
    "a value ends with its line, a comma or a semicolon",
    arguments: ["k v\nx y", "k v, x y", "k v; x y", "k v # x", "k v // x", "k v\r\nx y\r\n", "k: v\n\n\n", "# k w\nk v", "// k w\nk v"])
  func ends(_ text: String) throws {
    #expect(try content(text) == .text("v"))
  }

  @Test(
    "the whole file may stand in braces",
    arguments: ["{k v}", "{ k: v }", "{\n  k: v\n}\n", "{\"k\": \"v\"}", "# x\n{k v} # x\n", "{ x: 1, k: v, }"])
  func braces(_ text: String) throws {
    #expect(try content(text) == .text("v"))
  }

  @Test(
    "words without quotes are booleans, numbers, times or text",
    arguments: [
      ("true", .boolean(true)), ("YES", .boolean(true)), ("on", .boolean(true)), ("False", .boolean(false)), ("no", .boolean(false)),
      ("OFF", .boolean(false)), ("0", .integer(0)), ("-12", .integer(-12)), ("1k", .integer(1000)), ("1kb", .integer(1024)),
      ("2Ki", .integer(2048)),
      ("1KiB", .integer(1024)), ("3m", .integer(3_000_000)), ("3MB", .integer(3 << 20)), ("1g", .integer(1_000_000_000)),
      ("1GiB", .integer(1 << 30)),
      ("1t", .integer(1_000_000_000_000)), ("1PB", .integer(1 << 50)), ("-1kb", .integer(-1024)), ("9223372036854775807", .integer(.max)),
      ("1.5", .float(1.5)), ("-0.25", .float(-0.25)), ("2026-01-02T03:04:05Z", .time("2026-01-02T03:04:05Z")), ("5s", .text("5s")),
      ("1.5s", .text("1.5s")), ("127.0.0.1", .text("127.0.0.1")), ("127.0.0.1:4222", .text("127.0.0.1:4222")), ("9a", .text("9a")),
      ("nats://localhost:4222", .text("nats://localhost:4222")), ("/var/lib/jwt", .text("/var/lib/jwt")), ("#fff", .text("#fff")),
      ("//share/x", .text("//share/x")), ("a=b", .text("a=b")), ("$2a$11$abc", .text("$2a$11$abc")), ("1kbx", .text("1kbx")),
      ("é", .text("é")),
      (#"a\tb"#, .text("a\tb")), (#"\x24HOME"#, .text("$HOME")), (#"t\x72ue"#, .text("true")),
    ] as [(String, ConfigValue.Content)])
  func words(_ word: String, _ expected: ConfigValue.Content) throws {
    #expect(try content("k: \(word)") == expected)
    #expect(try content("{k = \(word)}") == expected)
    // There it would start a comment.
    if word.hasPrefix("#") || word.hasPrefix("//") { return }
    guard case .array(let values) = try content("k [\(word)]") else { throw ConfigError("no list", at: nil) }
    #expect(values.map(\.content) == [expected])
  }

  @Test(
    "text in quotes",
    arguments: [
      (#""a b""#, "a b"), (#"'a b'"#, "a b"), (#""""#, ""), (#"''"#, ""), (#""a\"b""#, "a\"b"), (#""\t\n\r\\""#, "\t\n\r\\"),
      (#""\x41\xc3\xa9""#, "Aé"),
      (#"'\n'"#, #"\n"#), ("\"a\nb\"", "a\nb"), (#""$HOME""#, "$HOME"), (#""true""#, "true"), (#"'5'"#, "5"),
      ("\"# no comment\"", "# no comment"),
    ])
  func quotes(_ written: String, _ expected: String) throws {
    #expect(try content("k: \(written)") == .text(expected))
  }

  @Test("a block keeps its lines, up to a closing parenthesis that stands alone on its line")
  func block() throws {
    #expect(try content("k: (\n  a (b)\n c )\n)\nx: y") == .text("\n  a (b)\n c )\n"))
    #expect(try content("k (\n)") == .text("\n"))
    #expect(try content("k (\r\na\r\n)\r\nx y") == .text("\r\na\r\n"))
  }

  @Test("lists take commas or ends of lines, comments, and any values")
  func lists() throws {
    #expect(texts(try content("k [a, b, c]")) == ["a", "b", "c"])
    #expect(texts(try content("k = [\n a # x\n b,\n // y\n 'c d',\n]")) == ["a", "b", "c d"])
    #expect(texts(try content("k []")) == [])
    #expect(texts(try content("k: [1, true, [x], {y: z}]")) == ["1", "true", "a list", "a map"])
  }

  @Test("maps nest, with or without a separator before their brace")
  func maps() throws {
    let map = try ConfigSource(environment: [:]).read(text: "http{port:1}\nstore {\n dir\n  '/x'\n tls { cert =\n c } }", file: "f")
    #expect(map.entries.map(\.key) == ["http", "store"])
    guard case .map(let store) = map.entries[1].value.content, case .map(let tls) = store.entries[1].value.content else {
      Issue.record("no maps")
      return
    }
    #expect(store.entries[0].value.content == .text("/x"))
    #expect(tls.entries[0].value.content == .text("c"))
  }

  @Test("variables come from maps around them, then from the environment")
  func variables() throws {
    #expect(try content("a: 5\nk: $a") == .integer(5))
    #expect(try content("a: 5\nm { a: 6, x { k: $a } }\nk: $a") == .integer(5))
    let map = try ConfigSource(environment: [:]).read(text: "a: 5\nm { a: 6, x { k: $a } }\nn { k: $a }", file: "f")
    #expect("\(map.entries[1].value.content)".contains("integer(6)"))
    #expect("\(map.entries[2].value.content)".contains("integer(5)"))
    #expect(map.entries[0].isVariable)
    #expect(!map.entries[1].isVariable)
    let environment = ["PORT": "9090", "DIR": "'/a b'", "LIST": "[a, b]", "NEXT": "$PORT"]
    #expect(try content("k: $PORT", environment: environment) == .integer(9090))
    #expect(try content("k: $DIR", environment: environment) == .text("/a b"))
    #expect(texts(try content("k: $LIST", environment: environment)) == ["a", "b"])
    #expect(try content("k: $NEXT", environment: environment) == .integer(9090))
    #expect(try content("PORT: 1\nk: $PORT", environment: environment) == .integer(1))
  }

  @Test("of a key that stands twice both are kept in order: the later one holds")
  func twice() throws {
    #expect(try content("k: 1\nk: 2") == .integer(2))
  }

  @Test(
    "mistakes are told with file, line and column",
    arguments: [
      ("k", 1, 2, "no value"), ("k:", 1, 3, "no value"), ("k: ;", 1, 4, "no value"), ("k:\nv", 1, 3, "no value"),
      ("= v", 1, 1, "a key is expected"),
      (": v", 1, 1, "a key is expected"), ("k v\n  , x", 2, 3, "a key is expected"), ("k: a b", 1, 6, "needs quotes"),
      ("k: 'a", 1, 4, "not closed"),
      ("x: 1\nk: \"a", 2, 4, "not closed"), ("'k: a", 1, 1, "not closed"), ("k: (\na)", 1, 4, "not closed"),
      ("k: [a, b", 1, 4, "not closed"),
      ("k { a: 1", 1, 3, "not closed"), ("{ k: 1", 1, 1, "not closed"), ("k: 1 }", 1, 6, "closes nothing"),
      ("{ k: 1 } x", 1, 10, "ends the file"),
      ("k: [,]", 1, 5, "the list has no value"), ("k: [a;b]", 1, 6, "a comma"), ("k { x: }", 1, 8, "no value"),
      ("k { ] }", 1, 5, "a key is expected"),
      ("k: -x", 1, 4, "a digit"), ("k: .5", 1, 4, "a digit"), ("k: 5.", 1, 4, "a digit"), ("k: 2026-01-01", 1, 4, "full UTC form"),
      ("k: 9223372036854775808", 1, 4, "out of range"), ("k: 10000000000000000k", 1, 4, "out of range"), ("k: $NONE", 1, 4, "neither"),
      (#"k: "\q""#, 1, 5, "a backslash"), (#"k: "\x4""#, 1, 5, "hexadecimal"), (#"k: "\x-1""#, 1, 5, "hexadecimal"),
      (#"k: "\xff""#, 1, 4, "UTF-8"),
      ("k: \"\\", 1, 5, "stands for nothing"), ("k: it's", 1, 6, "a quote"), ("ä: 'ö' ü", 1, 8, "needs quotes"),
      ("k: v\r\nl: a b", 2, 6, "needs quotes"),
      ("include", 1, 8, "no value"), ("include = x", 1, 9, "takes the path"), ("include {", 1, 9, "takes the path"),
      ("include nothing-here.conf", 1, 9, "cannot be read"),
    ])
  func mistakes(_ text: String, _ line: Int, _ column: Int, _ part: String) throws {
    let error = try #require(throws: ConfigError.self) { try content(text) }
    #expect(error.position == ConfigPosition(file: "test.conf", line: line, column: column), "\(error)")
    #expect(error.message.contains(part), "\(error)")
  }

  @Test("values that nest without end, and variables that lead to themselves, are refused")
  func depth() throws {
    for text in [String(repeating: "k [", count: 1) + String(repeating: "[", count: 100_000), String(repeating: "k {", count: 100_000)] {
      let error = try #require(throws: ConfigError.self) { try content(text) }
      #expect(error.message.contains("nested"))
    }
    let error = try #require(throws: ConfigError.self) { try content("k: $A", environment: ["A": "$B", "B": "$A"]) }
    #expect(error.message.contains("leads back to itself"))
  }

  @Test("an environment variable that is no value is refused")
  func badVariable() throws {
    let error = try #require(throws: ConfigError.self) { try content("k: $A", environment: ["A": "a b"]) }
    #expect(error.message.contains("$A") && error.message.contains("quotes"))
  }
}
