/// Where nats-servers and account servers tell of what happens: the subjects of system events.
public struct SystemSubject: Sendable, Hashable {
  /// What kind of event comes there.
  public let kind: SystemEvent.Kind
  /// The subject with a wildcard, to subscribe to.
  public let pattern: String
  /// The same where an account may be a plain name with points in it, which one wildcard does not stand for. More than this kind comes there.
  public var widePattern: String { Self.ofAccounts.contains(prefix) ? prefix + ">" : pattern }

  private static let ofAccounts = ["$SYS.ACCOUNT.", "$SYS.SERVER.ACCOUNT."]
  private let prefix: String
  private let suffix: String

  private init(_ kind: SystemEvent.Kind, _ prefix: String, _ suffix: String) {
    self.kind = kind
    self.prefix = prefix
    self.suffix = suffix
    pattern = suffix.isEmpty ? String(prefix.dropLast()) : prefix + "*" + suffix
  }

  /// All of them. Connection counts come on two subjects with the same id; see ``SystemEvent/id``.
  public static let all: [SystemSubject] = [
    SystemSubject(.connect, "$SYS.ACCOUNT.", ".CONNECT"),
    SystemSubject(.disconnect, "$SYS.ACCOUNT.", ".DISCONNECT"),
    SystemSubject(.leafConnect, "$SYS.ACCOUNT.", ".LEAFNODE.CONNECT"),
    SystemSubject(.leafDisconnect, "$SYS.ACCOUNT.", ".LEAFNODE.DISCONNECT"),
    SystemSubject(.connections, "$SYS.SERVER.ACCOUNT.", ".CONNS"),
    SystemSubject(.connections, "$SYS.ACCOUNT.", ".SERVER.CONNS"),
    SystemSubject(.authError, "$SYS.SERVER.", ".CLIENT.AUTH.ERR"),
    SystemSubject(.stats, "$SYS.SERVER.", ".STATSZ"),
    SystemSubject(.shutdown, "$SYS.SERVER.", ".SHUTDOWN"),
    SystemSubject(.lameDuck, "$SYS.SERVER.", ".LAMEDUCK"),
    SystemSubject(.update, "$SYS.ACCOUNT.", ".CLAIMS.UPDATE"),
    SystemSubject(.update, "$SYS.REQ.ACCOUNT.", ".CLAIMS.UPDATE"),
    SystemSubject(.update, "$SYS.REQ.CLAIMS.UPDATE.", ""),
    SystemSubject(.delete, "$SYS.REQ.CLAIMS.DELETE.", ""),
  ]

  /// What a subject is about: the kind of event, and the account or server in it, empty where the subject names none; nil for no event's.
  ///
  /// An account may be a plain name with points in it: it is what stands between prefix and suffix. The longest suffix counts.
  public static func read(_ subject: String) -> (kind: SystemEvent.Kind, name: String)? {
    var best: (subject: SystemSubject, name: Substring)?
    for candidate in all {
      if candidate.suffix.isEmpty {
        if subject == candidate.pattern { return (candidate.kind, "") }
        continue
      }
      guard subject.hasPrefix(candidate.prefix), subject.hasSuffix(candidate.suffix),
        subject.utf8.count > candidate.prefix.utf8.count + candidate.suffix.utf8.count,
        best.map({ candidate.prefix.count + candidate.suffix.count > $0.subject.prefix.count + $0.subject.suffix.count }) ?? true
      else { continue }
      best = (candidate, subject.dropFirst(candidate.prefix.count).dropLast(candidate.suffix.count))
    }
    return best.map { ($0.subject.kind, String($0.name)) }
  }
}
