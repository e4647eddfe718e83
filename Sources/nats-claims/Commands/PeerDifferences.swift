import ServerConfig

/// What nats-account-server answered differently, as far as a client can see it.
enum PeerDifferences {
  /// The differences that a server with these options shows.
  static func all(for options: ServerOptions) -> [String] {
    var differences = [
      "a push of an older token is refused with 409; the peer let it replace the newer one",
      "a push that cannot be stored is answered with 503, on a full disk with 507, and changes nothing; the peer answered 500 and could lose the token",
      "a body over 1 MiB is refused with 413; the peer answered 400",
      "an account's ETag is the hash of its token, a 304 has it too, and If-None-Match is compared as RFC 9110 says; the peer used the jti",
      "Cache-Control is at most a minute and never negative; the peer let caches serve old claims for an hour",
      "HEAD is answered like GET; the peer refused it",
      "activations are stored and served; the peer answered 404",
      "expired accounts stay in the directory and are served, with 404 for ?check=true; the peer deleted their files",
    ]
    if options.origins.isEmpty {
      differences.append("pages of other origins may not read answers, unless http.cors names them; the peer let all of them")
    }
    if options.operatorFiles.isEmpty { differences.append("without an operator every push is refused, and /readyz says so with 503") }
    if !options.natsServers.isEmpty {
      differences += [
        "an unknown account is 404 at once; the peer asked over NATS first, for up to signrequesttimeout",
        "an accepted change is announced at least once, also after NATS was away; the peer sent it twice, or lost it",
        "claims that others publish over NATS are not stored; the peer stored them unchecked",
      ]
    }
    return differences
  }
}
