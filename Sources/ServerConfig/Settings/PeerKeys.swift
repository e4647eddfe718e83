/// Keys of the peer's configuration that are no settings here, and what to say of them.
enum PeerKeys {
  /// Keys that may stand in the file and do nothing, with the reason.
  static let unneeded = [
    "nats.maxreconnects": "the nats-servers are tried for ever: a server that gave up would announce nothing",
    "store.cleanupinterval": "expired tokens are kept and marked, never deleted by a timer",
  ]

  /// Keys that cannot be followed, with what to do instead.
  static let refused = [
    "store.nsc": "an nsc folder cannot be served: push its accounts with `nsc push -A` or `nats-claims push FOLDER`"
  ]
}
