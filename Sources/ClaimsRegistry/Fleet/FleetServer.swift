/// A nats-server of the system, as far as it was heard of.
public struct FleetServer: Sendable, Hashable {
  /// How it stands.
  public enum State: String, Sendable, Hashable, CaseIterable {
    /// It was heard within the last half minute.
    case live
    /// It sends its clients away, to stop then.
    case leaving
    /// It was not heard for half a minute: frozen, cut off or dead.
    case unseen
    /// It said that it stops, or was unseen too long.
    case gone
  }

  /// Its id: the public key it made at its start.
  public let id: String
  /// Its name.
  public let name: String
  /// Its version.
  public let version: String
  /// The cluster it belongs to; empty when to none.
  public let cluster: String
  /// How it stands.
  public let state: State
  /// For how long nothing was heard of it.
  public let silence: Duration

  /// Names a server.
  public init(id: String, name: String, version: String, cluster: String, state: State, silence: Duration) {
    self.id = id
    self.name = name
    self.version = version
    self.cluster = cluster
    self.state = state
    self.silence = silence
  }
}
