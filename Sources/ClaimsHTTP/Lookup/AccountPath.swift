import HTTPTypes

/// The path under which one account is looked up.
enum AccountPath {
  static let prefix = "/jwt/v1/accounts/"
  private static let prefixBytes = Array(prefix.utf8)
  private static let keyLength = 56

  /// Whether a request is a plain lookup: GET or HEAD, no body, a key of the right length, no query.
  static func isPlainLookup(_ request: HTTPRequest) -> Bool {
    guard request.method == .get || request.method == .head, var path = request.path else { return false }
    guard request.headerFields.declaredLength ?? 0 == 0, !request.headerFields.contains(.transferEncoding) else { return false }
    return path.withUTF8 { bytes in
      bytes.count == prefixBytes.count + keyLength && bytes.starts(with: prefixBytes)
        && !bytes.dropFirst(prefixBytes.count).contains { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "%") }
    }
  }

  /// The bytes of the key in the path of a plain lookup.
  static func key(in path: UnsafeBufferPointer<UInt8>) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(path).dropFirst(prefixBytes.count))
  }
}
