/// What a client must show.
public enum AccessRequirement: String, Sendable, Hashable, CaseIterable {
  /// Nothing.
  case open
  /// A bearer token.
  case token
  /// A certificate of the client, which the handshake verified.
  case certificate
  /// One of the two.
  case either
  /// Nothing from this machine itself, one of the two from others.
  case local
}
