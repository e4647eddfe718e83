import Nkeys

@testable import Claims

/// Claims with random members, each of which is there about half of the time.
struct RandomClaims {
  private var generator: SeededGenerator

  init(seed: UInt64) {
    generator = SeededGenerator(seed)
  }

  /// Claims of any kind about a subject.
  mutating func claims(_ type: ClaimType, about subject: KeyReference) -> Claims {
    switch type {
    case .operator: .operator(operatorClaims(subject))
    case .account: .account(account(subject))
    case .user: .user(user(subject))
    case .activation: .activation(activation(subject))
    case .authorizationRequest: .authorizationRequest(request(subject))
    case .authorizationResponse: .authorizationResponse(response(subject))
    case .generic: .generic(generic(subject))
    }
  }

  // MARK: Kinds

  private mutating func operatorClaims(_ subject: KeyReference) -> OperatorClaims {
    var claims = OperatorClaims(subject: subject)
    edit(&claims.common)
    maybe { claims.signingKeys = $0.list { $0.key("O") } }
    maybe { claims.operatorServiceURLs = $0.list { "nats://host-\($0.word())" } }
    maybe { claims.systemAccount = $0.key("A") }
    maybe {
      claims.strictSigningKeyUsage = true
      claims.assertServerVersion = "2.\($0.number(9)).0"
    }
    maybe { claims.tags = $0.words() }
    return claims
  }

  private mutating func account(_ subject: KeyReference) -> AccountClaims {
    var claims = AccountClaims(subject: subject)
    edit(&claims.common)
    maybe { claims.imports = $0.list { $0.importEntry() } }
    maybe { claims.exports = $0.list { $0.exportEntry() } }
    maybe {
      claims.limits.connections = $0.limit()
      claims.limits.payload = $0.limit()
      claims.limits.wildcards = $0.bool()
    }
    maybe { generator in
      if generator.bool() {
        claims.limits.jetStream = generator.jetStream()
      } else {
        claims.limits.tiers = ClaimsMap(generator.pairs { ("R\($0.number(4))", $0.jetStream()) })
      }
    }
    maybe { generator in
      for key in generator.list({ $0.key("A") }) { claims.signingKeys.add(key) }
      for key in generator.list({ $0.key("A") }) { claims.signingKeys.add(generator.scope(key)) }
    }
    maybe { claims.revocations = $0.revocations() }
    maybe { claims.defaultPermissions = $0.permissions() }
    maybe { claims.mappings = ClaimsMap($0.pairs { ($0.subject().text, $0.list { $0.destination() }) }) }
    maybe {
      claims.authorization.authUsers = $0.list { $0.key("U") }
      claims.authorization.allowedAccounts = ["*"]
    }
    maybe { claims.trace = $0.trace() }
    maybe { claims.clusterTraffic = $0.bool() ? .owner : .system }
    maybe {
      claims.description = $0.text()
      claims.tags = $0.words()
    }
    return claims
  }

  private mutating func user(_ subject: KeyReference) -> UserClaims {
    var claims = bool() ? UserClaims(subject: subject) : UserClaims(scopedSubject: subject)
    edit(&claims.common)
    maybe { claims.limits = $0.userLimits() }
    maybe { claims.issuerAccount = $0.key("A") }
    maybe { claims.tags = $0.words() }
    return claims
  }

  private mutating func activation(_ subject: KeyReference) -> ActivationClaims {
    var claims = ActivationClaims(subject: subject)
    edit(&claims.common)
    claims.kind = bool() ? .service : .stream
    claims.subject = self.subject()
    maybe { claims.issuerAccount = $0.key("A") }
    return claims
  }

  private mutating func request(_ subject: KeyReference) -> AuthorizationRequestClaims {
    var claims = AuthorizationRequestClaims(subject: subject)
    edit(&claims.common)
    claims.server.name = word()
    claims.userKey = key("U")
    claims.connectOptions.password = text()
    maybe {
      claims.tls = ClientTLS()
      claims.tls?.certificates = $0.words()
    }
    maybe { claims.client.id = UInt64.random(in: 0...UInt64.max, using: &$0.generator) }
    return claims
  }

  private mutating func response(_ subject: KeyReference) -> AuthorizationResponseClaims {
    var claims = AuthorizationResponseClaims(subject: subject)
    edit(&claims.common)
    maybe { claims.error = $0.text() }
    maybe { claims.issuerAccount = $0.key("A") }
    return claims
  }

  private mutating func generic(_ subject: KeyReference) -> GenericClaims {
    var claims = GenericClaims(subject: subject)
    edit(&claims.common)
    var data: ClaimsMap<JSONValue> = ["type": .string("role")]
    for name in words() { data[name] = bool() ? .string(text()) : .array([.double(Double(number(9))), .bool(bool()), .null]) }
    claims.data = data
    return claims
  }

  private mutating func edit(_ common: inout CommonClaims) {
    maybe { common.name = $0.text() }
    maybe { common.exp = 1_800_000_000 + $0.number(1_000_000) }
    maybe { common.nbf = 1_700_000_000 + $0.number(1_000_000) }
    maybe { common.aud = $0.word() }
  }

  // MARK: Parts

  private mutating func importEntry() -> Import {
    var entry = Import(bool() ? .stream : .service, subject: subject(), account: key("A"))
    maybe { entry.localSubject = $0.subject() }
    maybe {
      entry.name = $0.text()
      entry.allowTrace = true
    }
    return entry
  }

  private mutating func exportEntry() -> Export {
    var entry = Export(bool() ? .stream : .service, subject: subject())
    maybe {
      entry.tokenRequired = true
      entry.revocations = $0.revocations()
    }
    maybe {
      entry.responseType = .chunked
      entry.responseThreshold = ClaimsDuration(nanoseconds: $0.number(9) * 1_000_000)
    }
    maybe {
      entry.serviceLatency = ServiceLatency()
      entry.serviceLatency?.sampling = SamplingRate(Int($0.number(100)))
    }
    maybe { entry.description = $0.text() }
    return entry
  }

  private mutating func scope(_ key: KeyReference) -> UserScope {
    var scope = UserScope(key: key)
    scope.role = word()
    // A limit of 0 in a template is not written, and reads as no limit, by the reference too.
    maybe {
      scope.template.permissions = $0.permissions()
      scope.template.subs = Limit(1 + $0.number(9))
    }
    return scope
  }

  private mutating func userLimits() -> UserPermissionLimits {
    var limits = UserPermissionLimits()
    limits.permissions = permissions()
    limits.subs = limit()
    maybe { limits.src = NetworkList($0.list { "10.\($0.number(9)).0.0/16" }) }
    maybe { limits.times = $0.list { TimeRange(start: "0\($0.number(9)):00:00", end: "12:00:00") } }
    maybe { _ in
      limits.bearerToken = true
      limits.timesLocation = "Europe/Oslo"
    }
    maybe { limits.allowedConnectionTypes = $0.bool() ? ["MQTT"] : ["STANDARD", "WEBSOCKET"] }
    return limits
  }

  private mutating func permissions() -> Permissions {
    var permissions = Permissions()
    maybe { permissions.pub.allow = $0.list { $0.subject() } }
    maybe { permissions.sub.deny = $0.list { $0.subject() } }
    maybe {
      permissions.resp = ResponsePermissions()
      permissions.resp?.maximum = Int($0.number(9))
    }
    return permissions
  }

  private mutating func jetStream() -> JetStreamLimits {
    var limits = JetStreamLimits()
    limits.diskStorage = limit()
    limits.streams = limit()
    limits.maximumBytesRequired = bool()
    return limits
  }

  private mutating func destination() -> WeightedMapping {
    var destination = WeightedMapping()
    destination.subject = subject()
    destination.weight = UInt8(number(100))
    maybe { destination.cluster = $0.word() }
    return destination
  }

  private mutating func trace() -> MessageTrace {
    var trace = MessageTrace()
    trace.destination = Subject(word())
    trace.sampling = Int(number(100))
    return trace
  }

  private mutating func revocations() -> Revocations {
    Revocations(ClaimsMap(pairs { ($0.bool() ? "*" : $0.key("U").text, 1_700_000_000 + $0.number(99)) }))
  }

  // MARK: Values

  private mutating func maybe(_ edit: (inout RandomClaims) -> Void) { if bool() { edit(&self) } }

  /// One to four different things.
  private mutating func list<Item: Hashable>(_ make: (inout RandomClaims) -> Item) -> [Item] {
    var items: [Item] = []
    for _ in 0...number(3) {
      let item = make(&self)
      if !items.contains(item) { items.append(item) }
    }
    return items
  }

  private mutating func pairs<Value>(_ make: (inout RandomClaims) -> (String, Value)) -> [(String, Value)] {
    (0...number(3)).map { _ in make(&self) }
  }

  private mutating func bool() -> Bool { Bool.random(using: &generator) }

  private mutating func number(_ maximum: Int64) -> Int64 { Int64.random(in: 0...maximum, using: &generator) }

  private mutating func limit() -> Limit { Limit(number(12) - 1) }

  private mutating func words() -> [String] { list { $0.word() } }

  private mutating func word() -> String { ["alpha", "beta", "gamma", "delta", "omega"].randomElement(using: &generator) ?? "" }

  /// Texts that need escapes, or that are equal to each other only for readers who normalise.
  private mutating func text() -> String {
    ["a <b> & c", "caf\u{E9}", "cafe\u{301}", "line\u{2028}end", "quote \" and \\", "\u{1}\t"].randomElement(using: &generator) ?? ""
  }

  private mutating func subject() -> Subject {
    Subject("\(word()).\(["*", ">", "x", "$1"].randomElement(using: &generator) ?? "")")
  }

  private mutating func key(_ prefix: String) -> KeyReference { KeyReference("\(prefix)KEY\(number(5))") }
}
