import NIOHTTP1

extension HTTPRequestHead {
  private static let prefix = Array("/jwt/v1/accounts/".utf8)
  private static let keyLength = 56

  /// Whether this is a plain lookup: GET or HEAD, a key of the right length in the path, no query, no body.
  var isPlainLookup: Bool {
    guard method == .GET || method == .HEAD, isPlainAccountPath else { return false }
    return headers.declaredLength ?? 0 == 0 && !headers.contains(name: "transfer-encoding")
  }

  /// Whether the path is that of an account, with a key of the right length and no query.
  var isPlainAccountPath: Bool {
    uri.utf8.count == Self.prefix.count + Self.keyLength && uri.utf8.starts(with: Self.prefix)
      && uri.utf8.dropFirst(Self.prefix.count).allSatisfy(Self.isPlain)
  }

  /// Gives the bytes of a plain account path's key to `body`; the buffer must not be kept.
  func withAccountKey<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    var path = uri
    return path.withUTF8 { body(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer($0).dropFirst(Self.prefix.count))) }
  }

  /// No character that would make the path another one.
  private static func isPlain(_ byte: UInt8) -> Bool {
    byte != UInt8(ascii: "?") && byte != UInt8(ascii: "/") && byte != UInt8(ascii: "%") && byte != UInt8(ascii: "#")
  }
}
