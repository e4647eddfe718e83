/// What nats-servers told of an account since the program runs.
public struct AccountFigures: Sendable, Hashable {
  /// The clients and leaf nodes connected at each server, by its name; servers without one are left out.
  public var connections: [String: Int] = [:]
  /// When a client of it came or went last, in milliseconds since 1970; 0 when none did.
  public var lastSeen: Int64 = 0
  /// How many clients came.
  public var connects = 0
  /// Why clients went, and how many each.
  public var disconnects: [String: Int] = [:]
  /// How many clients that showed a token of this account were refused.
  public var authFailures = 0

  /// Nothing.
  public init() {}

  /// How many are connected at all servers.
  public var connected: Int { connections.values.reduce(0, +) }
}
