/// Where a nats-server listens and how to log in there, as a URL says it.
struct ServerAddress: Sendable, Hashable {
  /// How a URL's user part logs in.
  enum Login: Sendable, Hashable {
    case none
    case user(name: String, password: String)
    case token(String)
  }

  let host: String
  let port: UInt16
  let usesTLS: Bool
  let login: Login

  /// The URL without the login: for the library, which does not undo percent-encoding, and for logs.
  var url: String { "\(usesTLS ? "tls" : "nats")://\(host):\(port)" }

  /// Reads a URL. The errors name the URL without its login.
  init(_ text: String) throws(NATSError) {
    let (scheme, rest) = Self.split(text)
    let at = rest.lastIndex(of: "@")
    let place = at.map { rest[rest.index(after: $0)...] } ?? rest
    let shown = "\(scheme)://\(place)"
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
      throw NATSError(.invalidURL, "the NATS URL holds spaces or control characters: \(shown.filter { $0.isASCII && !$0.isWhitespace })")
    }
    switch scheme.lowercased() {
    case "nats": usesTLS = false
    case "tls": usesTLS = true
    default: throw NATSError(.invalidURL, "a NATS URL begins with nats:// or tls://, not as \(shown)")
    }
    (host, port) = try Self.place(place, shown: shown)
    login = try at.map { (index) throws(NATSError) in try Self.login(rest[..<index], shown: shown) } ?? .none
  }

  private static func split(_ text: String) -> (scheme: Substring, rest: Substring) {
    guard let mark = text.firstRange(of: "://") else { return ("nats", text[...]) }
    return (text[..<mark.lowerBound], text[mark.upperBound...])
  }

  private static func place(_ place: Substring, shown: String) throws(NATSError) -> (host: String, port: UInt16) {
    let place = place.hasSuffix("/") ? place.dropLast() : place
    let end = place.lastIndex(of: "]") ?? place.startIndex
    let colon = place[end...].lastIndex(of: ":")
    let host = place[..<(colon ?? place.endIndex)]
    guard !host.isEmpty, !host.contains("/"), host.hasPrefix("[") == host.hasSuffix("]"), host.hasPrefix("[") || !host.contains(":") else {
      throw NATSError(.invalidURL, "the NATS URL \(shown) names no host; write nats://host:port")
    }
    guard let colon else { return (String(host), 4222) }
    let digits = place[place.index(after: colon)...]
    guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(digits), port > 0 else {
      throw NATSError(.invalidURL, "the NATS URL \(shown) has no port from 1 to 65535 after the colon")
    }
    return (String(host), port)
  }

  private static func login(_ text: Substring, shown: String) throws(NATSError) -> Login {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let decoded = parts.compactMap(percentDecoded)
    guard decoded.count == parts.count, let first = decoded.first, !first.isEmpty else {
      throw NATSError(.invalidURL, "the user part of the NATS URL for \(shown) cannot be read: write user:password@, percent-encoded")
    }
    return decoded.count == 2 ? .user(name: first, password: decoded[1]) : .token(first)
  }

  /// Undoes percent-encoding; nil when a percent sign is not followed by two hexadecimal digits, or the bytes are no text.
  private static func percentDecoded(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      let digits = rest.prefix(2)
      guard digits.count == 2, let value = UInt8(String(Substring(digits)), radix: 16), value > 0, digits.first != UInt8(ascii: "+") else {
        return nil
      }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
  }
}
