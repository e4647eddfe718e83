extension MemberWords {
  /// The words of claims of a kind.
  static func of(_ type: ClaimType) -> MemberWords {
    switch type {
    case .operator: `operator`
    case .account: account
    case .user: user
    case .activation: activation
    case .authorizationRequest: authorizationRequest
    case .authorizationResponse: authorizationResponse
    case .generic: generic
    }
  }

  private static let common: [String: MemberWords] = [
    "aud": .init("audience"), "exp": .init("expires", .time), "jti": .init("id", .plain), "iat": .init("issued", .time),
    "iss": .init("signed by", .plain), "name": .init("name"), "nbf": .init("valid from", .time), "sub": .init("subject", .plain),
  ]

  private static let nats: [String: MemberWords] = [
    "tags": .list("tags", "tag"), "type": .init("type", .plain), "version": .init("version of the format", .limit),
    "issuer_account": .init("issuer account", .plain),
  ]

  /// Claims with the members that all have around those of a kind.
  private static func claims(_ members: [String: MemberWords]) -> MemberWords {
    let all = nats.merging(members) { _, own in own }
    return MemberWords("", members: common.merging(["nats": MemberWords("", members: all)]) { _, own in own })
  }

  /// A list of texts, of which each is called by its kind.
  private static func list(_ label: String, _ entry: String) -> MemberWords { MemberWords(label, entries: .init(entry, .plain)) }

  private static let `operator` = claims([
    "signing_keys": list("signing keys", "signing key"), "account_server_url": .init("account server"),
    "operator_service_urls": list("service URLs", "service URL"), "system_account": .init("system account", .plain),
    "assert_server_version": .init("required server version", .plain), "strict_signing_key_usage": .init("signing keys required", .flag),
  ])

  private static let account = claims([
    "imports": MemberWords("imports", entries: importWords), "exports": MemberWords("exports", entries: exportWords),
    "limits": MemberWords("", members: limits), "signing_keys": MemberWords("signing keys", entries: scope),
    "revocations": revocations("user"), "default_permissions": MemberWords("default permissions", members: permissions),
    "mappings": MemberWords("mappings", entries: mapping), "authorization": MemberWords("authorization", members: authorization),
    "trace": MemberWords("message traces", members: ["dest": .init("to", .plain), "sampling": .init("sampling", .percent)]),
    "cluster_traffic": .init("cluster traffic", .plain), "description": .init("description"), "info_url": .init("info URL"),
  ])

  private static let user = claims(userLimits)

  private static let activation = claims(["subject": .init("subject to import", .plain), "kind": .init("kind", .plain)])

  private static let authorizationRequest = claims([
    "user_nkey": .init("user key", .plain), "request_nonce": .init("request nonce", .secret),
    "server_id": MemberWords("server", members: ["tags": list("tags", "tag")]),
    "client_info": MemberWords("client", members: ["tags": list("tags", "tag"), "nonce": .init("nonce", .secret)]),
    "connect_opts": MemberWords(
      "connect options",
      members: [
        "jwt": .init("token", .secret), "sig": .init("signature", .secret), "auth_token": .init("auth token", .secret),
        "pass": .init("password", .secret),
      ]),
    "client_tls": MemberWords("TLS", members: ["certs": .init("certificates", .secret), "verified_chains": .init("chains", .secret)]),
  ])

  private static let authorizationResponse = claims(["jwt": .init("user token", .secret), "error": .init("error")])

  private static let generic = claims([:])
}

// MARK: - Parts of accounts

extension MemberWords {
  private static let exportWords = MemberWords(
    "export",
    members: [
      "name": .init("name"), "type": .init("", .plain), "token_req": .init("token required", .flag), "revocations": revocations("account"),
      "response_type": .init("response type", .plain), "response_threshold": .init("response threshold", .duration),
      "service_latency": MemberWords(
        "latency", members: ["sampling": .init("sampling", .percent), "results": .init("results to", .plain)]),
      "account_token_position": .init("account token position", .limit), "advertise": .init("advertised", .flag),
      "allow_trace": .init("traces allowed", .flag), "description": .init("description"), "info_url": .init("info URL"),
    ])

  private static let importWords = MemberWords(
    "import",
    members: [
      "name": .init("name"), "token": .init("activation", .secret), "to": .init("to", .plain),
      "local_subject": .init("local subject", .plain), "type": .init("", .plain), "share": .init("shared", .flag),
      "allow_trace": .init("traces allowed", .flag),
    ])

  private static func revocations(_ holder: String) -> MemberWords {
    MemberWords("revocations of \(holder)s", entries: .init("", .revocation))
  }

  private static let mapping = MemberWords(
    "mapping", entries: MemberWords("to", members: ["weight": .init("weight", .percent), "cluster": .init("cluster", .plain)]))

  private static let authorization: [String: MemberWords] = [
    "auth_users": list("users", "user"), "allowed_accounts": list("accounts", "account"), "xkey": .init("curve key", .plain),
  ]

  private static let limits: [String: MemberWords] = jetStream.merging([
    "subs": .init("subscriptions", .limit), "data": .init("data", .bytes), "payload": .init("payload", .bytes),
    "imports": .init("allowed imports", .limit), "exports": .init("allowed exports", .limit), "wildcards": .init("wildcard exports", .flag),
    "disallow_bearer": .init("bearer tokens refused", .flag), "conn": .init("connections", .limit), "leaf": .init("leaf nodes", .limit),
    "tiered_limits": MemberWords("tiers", entries: MemberWords("tier", members: jetStream)),
  ]) { _, own in own }

  private static let jetStream: [String: MemberWords] = [
    "mem_storage": .init("JetStream memory", .bytes), "disk_storage": .init("JetStream disk", .bytes),
    "streams": .init("streams", .limit), "consumer": .init("consumers", .limit),
    "max_ack_pending": .init("pending acknowledgements", .limit),
    "mem_max_stream_bytes": .init("memory per stream", .bytes), "disk_max_stream_bytes": .init("disk per stream", .bytes),
    "max_bytes_required": .init("stream size required", .flag),
  ]

  private static let scope = MemberWords(
    "signing key",
    members: ["role": .init("role"), "description": .init("description"), "template": MemberWords("", members: userLimits)])
}

// MARK: - Parts of users

extension MemberWords {
  private static func subjects(_ label: String) -> MemberWords {
    MemberWords(label, members: ["allow": list("allowed subjects", "allow"), "deny": list("denied subjects", "deny")])
  }

  private static let permissions: [String: MemberWords] = [
    "pub": subjects("publish"), "sub": subjects("subscribe"),
    "resp": MemberWords("responses", members: ["max": .init("number", .limit), "ttl": .init("time", .duration)]),
  ]

  private static let userLimits: [String: MemberWords] = permissions.merging([
    "src": list("networks", "network"), "times": MemberWords("times", entries: .init("time", .plain)),
    "times_location": .init("time zone", .plain), "subs": .init("subscriptions", .limit), "data": .init("data", .bytes),
    "payload": .init("payload", .bytes), "bearer_token": .init("bearer token", .flag), "proxy_required": .init("proxy required", .flag),
    "allowed_connection_types": list("connection types", "connection type"),
  ]) { _, own in own }
}
