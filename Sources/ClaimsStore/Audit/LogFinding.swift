/// Something in a log that is not as it must be.
public struct LogFinding: Sendable, Hashable, CustomStringConvertible {
  /// Where: `record 12`, `reader announcer`, `the database`.
  public let place: String
  /// The record, when it is one.
  public let sequence: Int64?
  /// What is wrong.
  public let problem: String

  init(_ place: String, _ problem: String) {
    self.place = place
    sequence = nil
    self.problem = problem
  }

  init(record sequence: Int64, _ problem: String) {
    place = "record \(sequence)"
    self.sequence = sequence
    self.problem = problem
  }

  /// Both in one line; what tokens brought along is not cleaned.
  public var description: String { "\(place): \(problem)" }
}

/// What a verification came to.
public struct LogVerdict: Sendable, Hashable {
  /// Where the log ends.
  public var head = LogHead(sequence: 0, chain: ChangeChain.origin)
  /// How many tokens were checked.
  public var tokens = 0
  /// How many tokens' bytes were given up by retention.
  public var givenUp = 0
  /// How many findings there are.
  public var findings = 0
}
