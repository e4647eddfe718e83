import Crypto

/// The secrets that clients may show, of which only hashes are kept.
public struct BearerTokens: Sendable {
  /// No shorter one is taken: it could be guessed.
  public static let shortest = 16

  private let digests: [SHA256.Digest]

  /// No secrets: none is right.
  public init() {
    digests = []
  }

  /// Reads secrets, one a line; empty lines and lines that start with `#` mean nothing.
  ///
  /// - Throws: ``AccessError`` when a line is no secret, or there is none.
  public init(text: String) throws(AccessError) {
    var digests: [SHA256.Digest] = []
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let secret = Self.trimmed(line)
      if secret.isEmpty || secret.hasPrefix("#") { continue }
      guard secret.utf8.count >= Self.shortest, secret.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
        throw AccessError("line \(number + 1) is no token: give at least \(Self.shortest) visible ASCII characters without space")
      }
      digests.append(SHA256.hash(data: Array(secret.utf8)))
    }
    guard !digests.isEmpty else { throw AccessError("there is no token in it: write one a line") }
    self.digests = digests
  }

  private static func trimmed(_ line: Substring) -> Substring {
    let start = line.drop { $0.isWhitespace }
    guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return start[...last]
  }

  /// Whether a secret is one of these. The time it takes tells nothing about them: hashes are compared, each in constant time, and all of them.
  public func contains(_ secret: some StringProtocol) -> Bool {
    let digest = SHA256.hash(data: Array(secret.utf8))
    return digests.reduce(false) { found, known in (known == digest) || found }
  }
}
