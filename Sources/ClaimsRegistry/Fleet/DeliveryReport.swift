public import Claims

/// Who holds a change: what became of it at each nats-server.
public struct DeliveryReport: Sendable, Hashable {
  /// What a server made of an announced change.
  public enum Outcome: Sendable, Hashable {
    /// It uses the new claims.
    case applied
    /// It does not have the account in memory, and will ask for it when a client comes.
    case notLoaded
    /// It refuses the claims, in its own words.
    case refused(String)
    /// It did not say anything yet.
    case silent

    /// The outcome in a word.
    public var name: String {
      switch self {
      case .applied: "applied"
      case .notLoaded: "not_loaded"
      case .refused: "refused"
      case .silent: "silent"
      }
    }

    /// Whether the server lets clients in by the new claims from now on.
    public var isConfirmed: Bool { self == .applied || self == .notLoaded }
  }

  /// A server's line.
  public struct Line: Sendable, Hashable {
    /// The server's id.
    public let id: String
    /// The server's name.
    public let name: String
    /// What it made of the change.
    public let outcome: Outcome
    /// How long after the first announcement it said so; nil when it did not.
    public let after: Duration?

    /// Creates a line.
    public init(id: String, name: String, outcome: Outcome, after: Duration?) {
      self.id = id
      self.name = name
      self.outcome = outcome
      self.after = after
    }
  }

  /// Why it cannot be said now that these are all the servers, or that they hold what they said.
  public enum Doubt: Sendable, Hashable {
    /// There is no connection to NATS.
    case noConnection
    /// There has been one for a moment only: not all servers had the time to say that they are there.
    case newConnection

    /// The doubt in words.
    public var text: String {
      switch self {
      case .noConnection: "there is no connection to NATS now"
      case .newConnection: "the connection to NATS is new: not all servers have said that they are there"
      }
    }
  }

  /// The account.
  public let account: AccountKey
  /// The record that was announced.
  public let sequence: Int64
  /// How long ago it was announced first; nil when it was not since the program was started: then the lines are what servers said when they were asked.
  public let published: Duration?
  /// How often it was announced again.
  public let repetitions: Int
  /// The servers, by name.
  public let lines: [Line]
  /// The names of servers that fell silent, which nobody waits for: what they hold is not known.
  public let unseen: [String]
  /// Why the report may lack something; nil when it does not.
  public let doubt: Doubt?

  /// Creates a report.
  public init(
    account: AccountKey, sequence: Int64, published: Duration?, repetitions: Int, lines: [Line], unseen: [String] = [],
    doubt: Doubt? = nil
  ) {
    self.doubt = doubt
    self.unseen = unseen.sorted()
    self.account = account
    self.sequence = sequence
    self.published = published
    self.repetitions = repetitions
    self.lines = lines.sorted { ($0.name, $0.id) < ($1.name, $1.id) }
  }

  /// Whether it was announced, there is a server that holds it, none that is waited for refuses it or is silent, and nothing is in doubt.
  public var isConfirmed: Bool { published != nil && doubt == nil && !lines.isEmpty && lines.allSatisfy(\.outcome.isConfirmed) }

  /// The names of the servers with an outcome.
  public func names(_ isWanted: (Outcome) -> Bool) -> [String] {
    lines.filter { isWanted($0.outcome) }.map { $0.name.isEmpty ? $0.id : $0.name }
  }

  /// One line for people: the counts of each kind, with the names of those that do not hold the change.
  public var text: String {
    doubt.map { "\(standing); \($0.text)" } ?? standing
  }

  private var standing: String {
    guard published != nil || !lines.isEmpty else { return "not announced yet" }
    guard !lines.isEmpty else { return "announced; no nats-server is known" }
    var parts: [String] = []
    let kinds: [(String, (Outcome) -> Bool)] = [
      ("applied", { $0 == .applied }), ("not loaded", { $0 == .notLoaded }),
      ("refused", { if case .refused = $0 { true } else { false } }), ("silent", { $0 == .silent }),
    ]
    for (word, isWanted) in kinds {
      let names = names(isWanted)
      if !names.isEmpty { parts.append("\(names.count) \(word) (\(Self.shown(names)))") }
    }
    let known = parts.joined(separator: ", ")
    return unseen.isEmpty ? known : "\(known); not waited for: \(unseen.count) unseen (\(Self.shown(unseen)))"
  }

  private static func shown(_ names: [String]) -> String {
    let most = 8
    return names.prefix(most).joined(separator: ", ") + (names.count > most ? " and \(names.count - most) more" : "")
  }
}
