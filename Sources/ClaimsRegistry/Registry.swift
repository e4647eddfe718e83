public import Claims
public import ClaimsStore
public import Logging
import Nkeys
import Synchronization

/// What may happen to claims: the one door for every change, and for every lookup.
public final class Registry: Sendable {
  /// The store, for its readers.
  public let store: Store
  /// The operators whose signatures count, which may change while the server runs.
  public let trust: TrustedOperators
  /// What the rest of the system should say about the state: named warnings.
  public let warnings = Warnings()
  /// Requests to announce an account again.
  public let renotices = Renotices()
  /// Deleted accounts that nats-servers may still hold.
  public let held = HeldAccounts()
  /// What is known of the nats-servers.
  public let fleet = FleetPort()
  /// Accounts that are asked for and not known.
  public let unknownAccounts: UnknownAccounts

  /// Files that the adoption found and that are not served; the watch goes on from here.
  let withheldAtStart = Mutex<[WithheldFile]>([])

  let policy: AdmissionPolicy
  /// Accounts whose claims nobody trusted signed.
  let untrustedClaims = UntrustedClaims()
  /// The clock that judgements use.
  public let clock: WallClock
  let logger: Logger
  let metrics: RegistryMetrics
  let signers: (any OperatorSigners)?
  /// What becomes of claims that accounts signed themselves.
  public let signing: AccountSigning

  /// Creates the registry over an open store.
  public init(
    store: Store, trust: TrustedOperators, policy: AdmissionPolicy = AdmissionPolicy(), clock: WallClock = .system,
    metrics: MetricsRegistry, signers: (any OperatorSigners)? = nil, signing: AccountSigning = AccountSigning(), logger: Logger
  ) {
    self.store = store
    self.trust = trust
    self.clock = clock
    unknownAccounts = UnknownAccounts(clock: clock)
    self.logger = logger
    self.metrics = RegistryMetrics(metrics)
    self.policy = policy
    self.signers = signers
    self.signing = signing
  }

  /// The judgement of pushes by the trust of this moment: whoever judges takes it once.
  var admission: Admission { Admission(trust: trust.current, policy: policy) }

  /// What is stored of an account, by the bytes of its key's text; nil when there is nothing, the key is malformed or the account is deleted.
  /// The token is there only if it is in memory, see ``current(_:)``.
  ///
  /// The hot path: no allocation, no log line, one short lock.
  public func lookup(utf8 key: UnsafeRawBufferPointer) -> AccountEntry? {
    guard let account = try? AccountKey(utf8: key) else { return nil }
    return lookup(account)
  }

  /// What is stored of an account; nil when there is nothing or it is deleted. The token is there only if it is in memory.
  public func lookup(_ account: AccountKey) -> AccountEntry? {
    guard let entry = store.index.entry(of: account.raw), !entry.isDeleted else { return nil }
    return entry
  }

  /// The entry of an account with its token, from memory or from the log; nil when there is nothing or it is deleted.
  ///
  /// - Throws: ``Refusal`` `unavailable` when the log cannot be read.
  public func current(_ account: AccountKey) throws(Refusal) -> AccountEntry? {
    do {
      return try store.current(account)?.entry
    } catch {
      logger.error("a token cannot be read from the log", metadata: ["account": "\(account)", "error": "\(error)"])
      throw Refusal(.unavailable, "the claims of \(account) cannot be read now: try again in a moment")
    }
  }

  /// Refuses changes where the directory belongs to another.
  func requireWritable() throws(Refusal) {
    guard store.options.isReadOnly else { return }
    throw Refusal(.readOnly, "this server only reads its directory: make the change where the directory is written")
  }

  /// The keys of all accounts that have a token, sorted by their text as a directory's files are.
  public func accounts() -> [AccountKey] {
    store.index.accounts().map { (text: $0.text, key: $0) }.sorted { $0.text < $1.text }.map(\.key)
  }

  /// The records of one account, newest first.
  public func history(of account: AccountKey, limit: Int = 100) async throws -> [ChangeRecord] {
    try await store.log.history(of: account, limit: limit)
  }

  /// The records after a sequence, oldest first.
  public func changes(after sequence: Int64, limit: Int = 1000) async throws -> [ChangeRecord] {
    try await store.changes(after: sequence, limit: limit)
  }

  /// The trusted operators, the first of which is the default.
  public var operators: [TrustedOperator] { trust.all }
}
