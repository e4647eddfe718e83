public import Claims
import Synchronization

/// What is known of the nats-servers: the port behind which whoever is connected to them keeps it.
public protocol ServerFleet: Sendable {
  /// Whether there is a connection by which servers are heard.
  var isConnected: Bool { get }

  /// The servers, by name.
  func servers() -> [FleetServer]

  /// Who holds an account's newest change, or that of a record.
  ///
  /// - Parameters:
  ///   - account: the account.
  ///   - sequence: the record that must have been announced, or a newer one; nil for what was announced last.
  ///   - patience: how long to wait until every server holds it.
  /// - Returns: nil when nothing of it was announced since the program runs.
  func delivery(of account: AccountKey, since sequence: Int64?, within patience: Duration) async -> DeliveryReport?

  /// Where servers hold something else than the store.
  func drift() -> [AccountDrift]

  /// The live figures of an account; nil when no server told anything of it.
  func figures(of account: AccountKey) -> AccountFigures?

  /// The live figures of every account that has some.
  func figures() -> [(account: String, figures: AccountFigures)]

  /// The clients of an account that are connected now.
  ///
  /// - Returns: nil when no server could be asked.
  func clients(of account: AccountKey) async -> ConnectedClients?
}

/// Where the doors find what is known of the nats-servers; nothing, when none are configured.
public final class FleetPort: Sendable {
  private let port = Mutex<(any ServerFleet)?>(nil)

  /// Creates it; nothing is known before a port is attached.
  public init() {}

  /// Tells whom to ask.
  public func attach(_ fleet: any ServerFleet) { port.withLock { $0 = fleet } }

  /// Whom to ask; nil when no nats-servers are configured.
  public var current: (any ServerFleet)? { port.withLock { $0 } }
}
