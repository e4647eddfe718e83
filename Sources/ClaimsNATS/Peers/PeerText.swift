import Claims
import ClaimsRegistry

/// A line of what servers of ours tell each other of an account: mark, generation, kind, key and token, with blanks between.
enum PeerText {
  /// The line of a state.
  static func line(_ state: PeerState) -> [UInt8] {
    Array("\(state.iat) \(state.generation) \(state.isDeleted ? "deleted" : "token") \(state.account) ".utf8) + state.token.bytes
  }

  /// The state of a line; nil when it is none.
  static func state(_ line: [UInt8]) -> PeerState? {
    let parts = line.split(separator: UInt8(ascii: " "), maxSplits: 4, omittingEmptySubsequences: false)
    guard parts.count == 5, parts[4].count <= Token.maximumSize else { return nil }
    let words = parts.prefix(4).map { String(decoding: $0, as: UTF8.self) }
    guard let iat = Int64(words[0]), let generation = Int64(words[1]), let account = try? AccountKey(words[3]),
      words[2] == "deleted" || words[2] == "token"
    else { return nil }
    return PeerState(
      account: account, iat: iat, generation: generation, isDeleted: words[2] == "deleted", token: Token(Array(parts[4])))
  }
}
