import Claims

/// Whether the connection's user belongs to the system account, without which no server hears an announcement.
enum AccountStanding: Sendable, Hashable {
  /// A server answered a request that only the system account can make.
  case system
  /// Neither an answer nor a denial: announcing is tried.
  case unconfirmed
  /// It does not, and this is why and what to do.
  case foreign(NATSError)

  /// What came back for `$SYS.REQ.SERVER.PING`.
  enum Ping: Sendable, Hashable {
    case answered
    /// The server says that nobody listens there in the user's account.
    case noResponders
    case silent
  }

  /// Judges by the answer, and puts it into words by what the credentials file says. The file alone convicts only when the servers are
  /// silent: an operator may have moved its system account while its token here is old.
  ///
  /// `credentials` are nil when the login is in the URL, or the file cannot be read; `systemAccounts` are those that the trusted operators
  /// name.
  init(ping: Ping, credentials: UserCredentials?, systemAccounts: Set<AccountKey>) {
    let isKnownForeign = credentials.map { !systemAccounts.isEmpty && !systemAccounts.contains($0.account) } ?? false
    switch ping {
    case .answered: self = .system
    case .silent where !isKnownForeign: self = .unconfirmed
    case .silent, .noResponders:
      self = .foreign(
        NATSError(.notSystemAccount, Self.explanation(credentials, systemAccounts: systemAccounts, isKnownForeign: isKnownForeign)))
    }
  }

  private static func explanation(_ credentials: UserCredentials?, systemAccounts: Set<AccountKey>, isKnownForeign: Bool) -> String {
    let advice = "nats-servers hear announcements from the system account only"
    let expected = systemAccounts.map(\.text).sorted().joined(separator: " or ")
    guard let credentials else {
      let named = expected.isEmpty ? "" : " (\(expected))"
      return "the NATS user does not belong to the system account\(named): \(advice); connect with a user of it"
    }
    let user = "the NATS user \(NATSError.printable(credentials.name)) (\(NATSError.printable(credentials.user))) of the credentials file"
    if isKnownForeign {
      return
        "\(user) belongs to the account \(credentials.account), not to the system account \(expected): \(advice); use credentials of a user of it"
    }
    if expected.isEmpty {
      return
        "\(user) belongs to the account \(credentials.account), which is not the servers' system account: \(advice); use credentials of a user of it"
    }
    return "\(user) belongs to \(credentials.account), which the operator names as system account, but the servers do not: "
      + "\(advice); compare system_account in their configuration"
  }
}
