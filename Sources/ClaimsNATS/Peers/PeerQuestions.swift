import Claims

/// Questions to peers that are open, each by the token that its replies carry. Pure.
struct PeerQuestions: Sendable {
  typealias Instant = ContinuousClock.Instant

  private struct Open: Sendable {
    let peer: String
    var taken = 0
    var refused: [AccountKey: String] = [:]
    var last: Instant
  }

  private static let most = 128
  private static let mostRefused = 64
  private static let silence = Duration.seconds(15)

  private(set) var book: PeerBook
  private var open: [String: Open] = [:]

  init(book: PeerBook = PeerBook()) { self.book = book }

  /// A peer told the hash of its state.
  ///
  /// - Returns: whether it is to be asked now, with this token.
  mutating func heard(_ peer: String, hash: [UInt8], own: [UInt8], token: String, at now: Instant) -> Bool {
    guard book.heard(peer, hash: hash, own: own, at: now) else { return false }
    // Anybody can invent peers, which never answer: whoever said nothing for longest makes room.
    if open.count >= Self.most, let oldest = open.min(by: { $0.value.last < $1.value.last }) { end(oldest.key, oldest.value, at: now) }
    open[token] = Open(peer: peer, last: now)
    return true
  }

  /// The peer that was asked with a token; nil when no such question is open.
  func peer(asked token: String) -> String? { open[token]?.peer }

  /// A reply came, of which so much was new here, and so much was not taken; with the last one the question is over.
  mutating func told(_ token: String, taken: Int, refused: [AccountKey: String] = [:], isLast: Bool, at now: Instant) {
    guard var question = open[token] else { return }
    question.taken += taken
    for (account, reason) in refused where question.refused.count < Self.mostRefused { question.refused[account] = reason }
    question.last = now
    open[token] = question
    if isLast { end(token, question, at: now) }
  }

  /// Whoever is silent for long has answered what it had to say.
  mutating func look(at now: Instant) {
    for (token, question) in open where question.last.duration(to: now) > Self.silence { end(token, question, at: now) }
    book.look(at: now)
  }

  private mutating func end(_ token: String, _ question: Open, at now: Instant) {
    open[token] = nil
    book.answered(question.peer, taken: question.taken, refused: question.refused, at: now)
  }
}
