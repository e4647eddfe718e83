/// Every metric of the program, by its name; `docs/metrics.md` lists them, and a test compares the two.
public enum Metric: String, Sendable, Hashable, CaseIterable {
  /// Lookups answered.
  case lookups = "nats_claims_lookups_total"
  /// Pushes judged.
  case pushes = "nats_claims_pushes_total"
  /// Deletions judged.
  case deletes = "nats_claims_deletes_total"
  /// Announcements made, and what servers replied.
  case announcements = "nats_claims_announcements_total"
  /// Changes that wait to be announced.
  case announcementLag = "nats_claims_announcement_lag_records"
  /// Whether NATS is connected.
  case natsConnected = "nats_claims_nats_connected"
  /// The nats-servers of the system.
  case servers = "nats_claims_nats_servers"
  /// Announced changes that some nats-server did not confirm.
  case unconfirmedChanges = "nats_claims_unconfirmed_changes"
  /// Accounts of which some nats-server holds something else.
  case driftedAccounts = "nats_claims_drifted_accounts"
  /// Accounts that were put right at the nats-servers.
  case repairs = "nats_claims_repairs_total"
  /// Accounts that somebody keeps changing at the nats-servers.
  case contestedAccounts = "nats_claims_contested_accounts"
  /// Clients that nats-servers refused.
  case authFailures = "nats_claims_auth_failures_total"
  /// Clients that are gone.
  case disconnects = "nats_claims_client_disconnects_total"
  /// Connections of each account.
  case accountConnections = "nats_claims_account_connections"
  /// When each account was seen last.
  case accountLastSeen = "nats_claims_account_last_seen_seconds"
  /// Clients of each account that nats-servers refused.
  case accountAuthFailures = "nats_claims_account_auth_failures_total"
  /// Clients of each account that are gone.
  case accountDisconnects = "nats_claims_account_disconnects_total"
  /// Requests of clients of the system account.
  case natsRequests = "nats_claims_nats_requests_total"
  /// Messages that were passed over.
  case messagesDropped = "nats_claims_nats_messages_dropped_total"
  /// Accounts that are asked for and not known.
  case unknownAccounts = "nats_claims_unknown_accounts"
  /// Questions about more accounts that are not known than are kept.
  case unknownPassedOver = "nats_claims_unknown_accounts_passed_over_total"
  /// Accounts with a token.
  case accounts = "nats_claims_accounts"
  /// Accounts served with claims that no trusted key signed.
  case untrustedAccounts = "nats_claims_untrusted_accounts"
  /// Records in the log.
  case logRecords = "nats_claims_log_records"
  /// Records that the directory's files are behind.
  case directoryLag = "nats_claims_directory_lag_records"
  /// Open HTTP connections.
  case connections = "nats_claims_http_connections"
  /// HTTP connections closed by a limit.
  case connectionsRefused = "nats_claims_http_connections_refused_total"

  /// What the metric counts, as `# HELP` says it.
  public var help: String {
    switch self {
    case .lookups: "Account lookups over HTTP, by result: found, not_modified, unknown, limited."
    case .pushes: "Pushes of account claims, by result: stored, unchanged, or the code of the refusal."
    case .deletes: "Deletions of accounts, by result: deleted, or the code of the refusal."
    case .announcements:
      "Announcements of changed claims over NATS, by result: published, failed, unpublishable; and the servers' replies: applied, not_loaded, refused."
    case .announcementLag: "Records of the change log that are not announced yet."
    case .natsConnected: "1 while the NATS connection is up, else 0."
    case .servers: "nats-servers of the system, by state: live, leaving, unseen, gone."
    case .unconfirmedChanges: "Announced changes that some nats-server did not confirm; the last 16,384 are followed."
    case .driftedAccounts: "Accounts of which some nats-server was found to hold something else than what is stored."
    case .repairs: "Claims seen at nats-servers that are not those stored, by result: announced (put right at once), postponed."
    case .contestedAccounts: "Accounts of which somebody keeps sending nats-servers other claims: an alert."
    case .authFailures: "Clients that nats-servers refused, as they tell."
    case .disconnects: "Clients of any account that left a nats-server, by reason in the server's words."
    case .accountConnections:
      "Connections of an account at a nats-server, as it tells. Metrics of accounts are for those who may read lists, and have the 1,000 highest."
    case .accountLastSeen: "When a client of an account came or went last, in seconds since 1970."
    case .accountAuthFailures: "Clients that showed a token of an account and were refused."
    case .accountDisconnects: "Clients of an account that left, by reason in the server's words."
    case .natsRequests: "Requests over NATS, by service: lookup, pack, list, update, delete."
    case .messagesDropped:
      "What was passed over because too much came over NATS: messages, replies, accounts to look at or to announce again, peers; see docs/fleet.md."
    case .unknownAccounts: "Accounts that clients ask for and that are not known here."
    case .unknownPassedOver: "Questions about further unknown accounts: the first 1,024 within ten minutes are kept."
    case .accounts: "Accounts whose claims are served."
    case .untrustedAccounts: "Accounts whose claims are served although no key that is trusted now signed them."
    case .logRecords: "The last sequence of the change log."
    case .directoryLag: "Records of the change log whose files are not written yet."
    case .connections: "Open HTTP connections."
    case .connectionsRefused:
      "HTTP connections closed by a limit, by reason: full, address, handshake, headers, body, idle, displaced, too_large."
    }
  }

  /// The Prometheus type.
  public var type: String { rawValue.hasSuffix("_total") ? "counter" : "gauge" }

  /// The labels that tell the series of this metric apart; none when there is one series.
  public var labels: [String] {
    switch self {
    case .lookups, .pushes, .deletes, .announcements: ["result"]
    case .connectionsRefused, .disconnects: ["reason"]
    case .servers: ["state"]
    case .repairs: ["result"]
    case .accountConnections: ["account", "server"]
    case .accountLastSeen, .accountAuthFailures: ["account"]
    case .accountDisconnects: ["account", "reason"]
    case .natsRequests: ["service"]
    case .unconfirmedChanges, .driftedAccounts, .contestedAccounts, .authFailures, .messagesDropped, .unknownAccounts, .unknownPassedOver,
      .announcementLag,
      .natsConnected, .accounts, .untrustedAccounts, .logRecords, .directoryLag, .connections:
      []
    }
  }
}
