/// What becomes of keys of the peer's configuration (nats-account-server 1.0) that mean something else here, or nothing.
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

  /// Keys that are followed a little differently, with the difference.
  static let changed = [
    "http.readtimeout": "it bounds the headers of a request, and then its body; the peer bounded both together",
    "http.writetimeout": "it bounds how long a client leaves its answer lying; the peer bounded the work on it too",
    "nats.reconnectwait": "it is the shortest pause between attempts: pauses grow up to 8 s",
    "signrequestsubject":
      "the reply is judged like any push, and an account's own token that is older than what is stored is not sent; the peer took any reply",
    "store.readonly": "it works, and changed files are followed; the peer's last version refused it",
    "systemaccountjwtpath": "the token is taken into the store when that knows nothing of the account; the peer kept it beside the store",
    "primary": "an account that is known here is renewed only by a newer token",
  ]
}
