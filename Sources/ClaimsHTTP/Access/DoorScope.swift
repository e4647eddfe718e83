/// What is answered at an address.
public enum DoorScope: Sendable, Hashable {
  /// Everything.
  case everything
  /// What nats-servers and those who import ask for: accounts one by one, operators' tokens, whether the server is there. Nothing is changed here.
  case lookups
}
