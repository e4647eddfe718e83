public import Nkeys

/// What an account takes from another one.
public struct Import: Hashable, Sendable {
  /// A name for people.
  public var name = ""
  /// The subject in the exporter's account.
  public var subject = Subject("")
  /// The exporter's identity key.
  public var account: KeyReference = ""
  /// The activation token that permits the import, or a URL of it.
  public var token = ""
  /// Deprecated: the local subject of a service, the prefix of a stream.
  public var to = Subject("")
  /// The subject in this account; `$n` stands for the n-th wildcard of `subject`.
  public var localSubject = Subject("")
  /// Stream or service.
  public var type = ExportKind.unknown
  /// Whether the exporter sees who asks, for latency tracking.
  public var share = false
  /// Whether message traces go on into the exporter's account.
  public var allowTrace = false
  /// Members that this version does not know.
  public var unknown = UnknownMembers()

  /// All members empty.
  public init() {}

  /// An import of a subject from an account.
  public init(_ type: ExportKind, subject: Subject, account: KeyReference) {
    self.type = type
    self.subject = subject
    self.account = account
  }
}

extension Import: JSONObject {
  static let layout = JSONLayout<Self>(
    unknown: \.unknown,
    [
      .member("name", \.name), .member("subject", \.subject), .member("account", \.account), .member("token", \.token),
      .member("to", \.to), .member("local_subject", \.localSubject), .member("type", \.type), .member("share", \.share),
      .member("allow_trace", \.allowTrace),
    ])
}
