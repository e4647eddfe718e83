import NIOHTTP1

extension HTTPRequestHead {
  private static let prefix = Array("/jwt/v1/accounts/".utf8)
  private static let keyLength = 56

  /// Whether this is a plain lookup: GET or HEAD, a key of the right length in the path, no query, no body.
  var isPlainLookup: Bool {
    guard method == .GET || method == .HEAD, uri.utf8.count == Self.prefix.count + Self.keyLength else { return false }
    guard headers.declaredLength ?? 0 == 0, !headers.contains(name: "transfer-encoding") else { return false }
    return uri.utf8.starts(with: Self.prefix) && uri.utf8.dropFirst(Self.prefix.count).allSatisfy(Self.isPlain)
  }

  /// Gives the bytes of a plain lookup's key to `body`; the buffer must not be kept.
  func withLookupKey<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    var path = uri
    return path.withUTF8 { body(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer($0).dropFirst(Self.prefix.count))) }
  }

  /// No character that would make the path another one.
  private static func isPlain(_ byte: UInt8) -> Bool {
    byte != UInt8(ascii: "?") && byte != UInt8(ascii: "/") && byte != UInt8(ascii: "%") && byte != UInt8(ascii: "#")
  }
}
