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

  /// The label that tells the series of this metric apart; nil when there is one series.
  public var label: String? {
    switch self {
    case .lookups, .pushes, .deletes, .announcements: "result"
    case .connectionsRefused: "reason"
    case .announcementLag, .natsConnected, .accounts, .untrustedAccounts, .logRecords, .directoryLag, .connections: nil
    }
  }
}
