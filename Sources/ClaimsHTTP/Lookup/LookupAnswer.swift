import Claims

/// What a lookup comes to. It is written in two ways: as bytes on the event loop, as fields for the framework; the tests compare the two.
enum LookupAnswer {
  /// The account's token. `age` is how long a cache may keep it, in seconds.
  case found(Token, TokenDigest, age: Int64)
  /// The client has it.
  case notModified(TokenDigest, age: Int64)
  /// There is no such account.
  case unknown
  /// There is no such account, and the client asked for too many of these.
  case tooMany

  static let unknownText = "no matching account JWT\n"
  static let tooManyText = "too many questions about unknown keys: ask again in a second\n"
  static let tokenType = "application/jwt"
  static let textType = "text/plain"

  /// The longest that a cache may answer without asking us, in seconds.
  private static let longestAge: Int64 = 60

  /// How long a cache may keep a token: never longer than a minute, never past the token's end, never negative.
  static func age(expires: Int64, now: Int64) -> Int64 {
    expires > 0 ? max(0, min(longestAge, expires - now)) : longestAge
  }

  /// After its age a stale copy must be checked again.
  static func cacheControl(_ age: Int64) -> String { "max-age=\(age), must-revalidate" }
}
