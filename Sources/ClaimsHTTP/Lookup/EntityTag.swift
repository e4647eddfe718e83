import Claims

/// The strong entity tag of a token: the SHA-256 of its bytes in hexadecimal. Never the `jti`, which two different tokens can share.
enum EntityTag {
  /// The tag as a header carries it, with quotes.
  static func text(_ digest: TokenDigest) -> String {
    "\"\(digest.hex)\""
  }

  /// Whether the lines of an `If-None-Match` name this tag (RFC 9110, 13.1.2): lists, weak tags, several lines and `*` count.
  static func isNamed(_ tag: String, in lines: [String]) -> Bool {
    lines.contains { line in
      line.split(separator: ",").contains { item in
        let item = item.trimmingSpaces
        return item == "*" || item == tag || (item.hasPrefix("W/") && item.dropFirst(2) == tag)
      }
    }
  }
}
