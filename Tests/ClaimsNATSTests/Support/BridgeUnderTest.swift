import Claims
import ClaimsRegistry
import ClaimsStore
import ClaimsTestSupport
import Logging

@testable import ClaimsNATS

/// A bridge over a real store in a temporary folder.
final class BridgeUnderTest: Sendable {
  let authority: TestAuthority
  let folder: TemporaryFolder
  let store: Store
  let registry: Registry
  let metrics = MetricsRegistry()
  let log = LogLines()
  let bridge: NATSBridge
  private let task: Task<Void, any Error>

  init(
    _ authority: TestAuthority, options: NATSOptions, folder: TemporaryFolder? = nil, connector: (any NATSConnector)? = nil,
    signers: (any OperatorSigners)? = nil
  ) throws {
    let folder = try folder ?? TemporaryFolder()
    var options = options
    options.reconnectWait = .milliseconds(20) ... .milliseconds(100)
    self.authority = authority
    self.folder = folder
    store = try Store(.init(directory: folder.path), logger: log.logger)
    registry = Registry(
      store: store, trust: TrustedOperators([try TrustedOperator(text: authority.token.text)]),
      clock: WallClock { (TestTime.seconds + 200) * 1000 },
      metrics: metrics, signers: signers, logger: log.logger)
    let bridge = NATSBridge(
      options: options, registry: registry, metrics: metrics, logger: log.logger, connector: connector ?? CNATSConnector(options: options))
    self.bridge = bridge
    task = Task { try await bridge.run() }
  }

  /// Pushes claims of an account, newer with every number.
  @discardableResult
  func push(_ account: AccountKey, number: Int64 = 0, description: String = "") async throws -> Token {
    let token = try authority.account(account, name: "number \(number)", iat: TestTime.seconds + number) { $0.description = description }
    _ = try await registry.push(token, by: .setup)
    return token
  }

  /// Stores what a server has from its configuration, which would be taken from there else.
  func knows(_ fleet: Fleet) async throws {
    for token in fleet.tokens { _ = try await registry.push(token, by: .setup) }
  }

  /// Ends the bridge as a shutdown does, and closes the store.
  func stop() async throws {
    try await stopBridge()
    await store.close()
  }

  func stopBridge() async throws {
    task.cancel()
    try await task.value
  }

  /// The value of a series of the announcements' counter.
  func announcements(_ result: String) -> Int {
    let series = "\(Metric.announcements.rawValue){result=\"\(result)\"} "
    return metrics.text().split(separator: "\n").first { $0.hasPrefix(series) }.flatMap { Int($0.dropFirst(series.count)) } ?? 0
  }

  /// How often these accounts were announced because some server did not confirm it in time, which on a busy machine may happen at any time.
  func repetitions(of accounts: [AccountKey]) async -> Int {
    var repetitions = 0
    for account in accounts { repetitions += await delivery(of: account)?.repetitions ?? 0 }
    return repetitions
  }

  /// Whether nothing was announced but each of these accounts once, and again until it was confirmed.
  func announcedOnce(_ accounts: [AccountKey]) async -> Bool {
    await announcements("published") == accounts.count + repetitions(of: accounts)
  }

  /// Whether every server holds an account's newest change.
  func isConfirmed(_ account: AccountKey) async -> Bool { await delivery(of: account)?.isConfirmed ?? false }

  private func delivery(of account: AccountKey) async -> DeliveryReport? {
    await registry.fleet.current?.delivery(of: account, since: nil, within: .zero)
  }

  /// The texts of a kind of warning.
  func warnings(_ kind: Warnings.Kind) -> [String] {
    registry.warnings.all.first { $0.kind == kind }?.texts ?? []
  }

  /// The cursor in the log.
  func cursor() async throws -> Int64 {
    try await store.log.cursor(of: "announcer")
  }

  func waitUntilConnected() async throws {
    try await eventually("connected") { self.bridge.status.isConnected }
  }
}
