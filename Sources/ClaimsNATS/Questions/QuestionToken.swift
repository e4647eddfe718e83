/// What the replies to a question carry: a prefix that says what kind of question it is, and a number that nobody guesses. The inbox is no secret, since
/// announcements name it; without the number anybody could answer for another, or end a question early.
enum QuestionToken {
  /// A new one.
  static func next(after prefix: String) -> String { prefix + String(UInt64.random(in: 0 ... .max), radix: 36) }
}
