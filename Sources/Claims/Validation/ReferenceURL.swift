/// A URL as the reference's language reads it (Go's `net/url`), which is neither RFC 3986 nor the WHATWG's standard.
///
/// Only what validation asks for is kept.
struct ReferenceURL {
  struct Failure: Error {
    /// The language's own text.
    let message: String
  }

  /// In lower case; empty when there is none.
  private(set) var scheme = ""
  /// The host with its port, escapes still in place.
  private(set) var host = ""
  /// The path, escapes still in place.
  private(set) var path = ""
  /// Whether there is a user part, even an empty one.
  private(set) var hasUserInfo = false

  /// The host without port and brackets.
  var hostName: String {
    var name = Substring(host)
    if name.hasPrefix("["), let end = name.lastIndex(of: "]") {
      return String(name[name.index(after: name.startIndex)..<end])
    }
    if let colon = name.lastIndex(of: ":"), Self.isPort(name[colon...]) { name = name[..<colon] }
    return String(name)
  }

  static func parse(_ text: String) -> Result<ReferenceURL, Failure> {
    // Bytes stand as one scalar each, so that no two of them can melt into one character.
    let bytes = String(String.UnicodeScalarView(text.utf8.map { Unicode.Scalar($0) }))
    let fragmentStart = bytes.firstIndex(of: "#")
    let front = fragmentStart.map { bytes[..<$0] } ?? bytes[...]
    do throws(Failure) {
      let url = try ReferenceURL(front)
      if let fragmentStart { try checkEscapes(bytes[bytes.index(after: fragmentStart)...]) }
      return .success(url)
    } catch {
      return .failure(Failure(message: "parse \(GoText.quoted(text)): \(error.message)"))
    }
  }

  private init(_ text: Substring) throws(Failure) {
    guard !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
      throw Failure(message: "net/url: invalid control character in URL")
    }
    if text == "*" {
      path = "*"
      return
    }
    let (scheme, afterScheme) = try Self.splitScheme(text)
    self.scheme = scheme.lowercased()
    var rest = afterScheme.firstIndex(of: "?").map { afterScheme[..<$0] } ?? afterScheme
    if !rest.hasPrefix("/") {
      if !scheme.isEmpty { return }
      if rest.prefix(while: { $0 != "/" }).contains(":") {
        throw Failure(message: "first path segment in URL cannot contain colon")
      }
    }
    if rest.hasPrefix("//") && !(scheme.isEmpty && rest.hasPrefix("///")) {
      let authority = rest.dropFirst(2).prefix { $0 != "/" }
      rest = rest.dropFirst(2 + authority.count)
      try readAuthority(authority)
    }
    try Self.checkEscapes(rest)
    path = String(rest)
  }

  private static func splitScheme(_ text: Substring) throws(Failure) -> (scheme: Substring, rest: Substring) {
    for index in text.indices {
      switch text[index] {
      case "a"..."z", "A"..."Z": continue
      case "0"..."9", "+", "-", ".":
        if index == text.startIndex { return ("", text) }
      case ":":
        if index == text.startIndex { throw Failure(message: "missing protocol scheme") }
        return (text[..<index], text[text.index(after: index)...])
      default: return ("", text)
      }
    }
    return ("", text)
  }
}

// MARK: - Authority

extension ReferenceURL {
  private mutating func readAuthority(_ authority: Substring) throws(Failure) {
    guard let at = authority.lastIndex(of: "@") else {
      host = try Self.checkedHost(authority)
      return
    }
    host = try Self.checkedHost(authority[authority.index(after: at)...])
    let userInfo = authority[..<at]
    guard userInfo.allSatisfy({ Self.isAlphanumeric($0) || "-._:~!$&'()*+,;=%@".contains($0) }) else {
      throw Failure(message: "net/url: invalid userinfo")
    }
    try Self.checkEscapes(userInfo)
    hasUserInfo = true
  }

  private static func checkedHost(_ host: Substring) throws(Failure) -> String {
    if let open = host.lastIndex(of: "[") {
      guard open == host.startIndex else { throw Failure(message: "invalid IP-literal") }
      guard let close = host.lastIndex(of: "]") else { throw Failure(message: "missing ']' in host") }
      try checkPort(host[host.index(after: close)...])
      let literal = host[host.index(after: open)..<close]
      let zone = literal.firstRange(of: "%25")
      try checkHostCharacters(zone.map { literal[..<$0.lowerBound] } ?? literal)
      if let zone { try checkEscapes(literal[zone.lowerBound...]) }
      let address = zone.map { literal[..<$0.lowerBound] } ?? literal
      guard IPAddress.isVersion6(address) else { throw Failure(message: "invalid host: unable to parse IP") }
    } else {
      if let colon = host.firstIndex(of: ":") { try checkPort(host[colon...]) }
      try checkHostCharacters(host)
    }
    return String(host)
  }

  private static func checkPort(_ port: Substring) throws(Failure) {
    guard isPort(port) else { throw Failure(message: "invalid port \(GoText.quoted(String(port))) after host") }
  }

  /// Nothing, or a colon and any number of digits.
  private static func isPort(_ text: Substring) -> Bool {
    text.isEmpty || text.hasPrefix(":") && text.dropFirst().allSatisfy { ("0"..."9").contains($0) }
  }

  /// Of the ASCII characters a host holds only some, and it may escape only those beyond ASCII and the percent sign.
  private static func checkHostCharacters(_ host: Substring) throws(Failure) {
    try checkEscapes(host)
    var index = host.startIndex
    while index < host.endIndex {
      let character = host[index]
      if character == "%" {
        let escape = host[index...].prefix(3)
        guard escape == "%25" || !("0"..."7").contains(escape.dropFirst().first ?? "0") else {
          throw Failure(message: "invalid URL escape \(GoText.quoted(String(escape)))")
        }
        index = host.index(index, offsetBy: escape.count)
      } else {
        guard !character.isASCII || isAlphanumeric(character) || "!$&'()*+,;=:[]<>\"-_.~".contains(character) else {
          throw Failure(message: "invalid character \(GoText.quoted(String(character))) in host name")
        }
        index = host.index(after: index)
      }
    }
  }

  /// Each percent sign is followed by two hexadecimal digits.
  private static func checkEscapes(_ text: Substring) throws(Failure) {
    for index in text.indices where text[index] == "%" {
      let escape = text[index...].prefix(3)
      guard escape.count == 3, escape.dropFirst().allSatisfy({ $0.isASCII && $0.isHexDigit }) else {
        throw Failure(message: "invalid URL escape \(GoText.quoted(String(escape)))")
      }
    }
  }

  private static func isAlphanumeric(_ character: Character) -> Bool {
    ("a"..."z").contains(character) || ("A"..."Z").contains(character) || ("0"..."9").contains(character)
  }
}
