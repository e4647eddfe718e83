import Testing

@testable import ServerConfig

@Suite("The configuration") struct ServerConfigurationTests {
  private func configuration(
    _ text: String, flags: [ServerConfiguration.Flag] = [], environment: [String: String] = [:]
  ) throws -> ServerConfiguration {
    try ServerConfiguration(text: text, file: "nas.conf", flags: flags, source: ConfigSource(environment: environment))
  }

  @Test(
    "files of the peer's users are understood",
    arguments: [
      "operatorjwtpath: \"/x/OP.jwt\"\nhttp { port: 9091 }\nstore { dir: /x/jwt, readonly: false, shard: true }",
      """
      operatorjwtpath: "/x/OP.jwt"
      http {
        port: 9091,
      }
      store: {
        dir: /x/jwt,   # where tokens lie
        readonly: false,
        shard: true
      }
      nats { servers: [nats://localhost:4222], usercredentials: "/x/sys.creds" }
      """,
      "{\n  \"OperatorJWTPath\": \"/x/OP.jwt\",\n  \"http\": {\"Port\": 9091},\n  \"Store\": {\"Dir\": \"/x/jwt\", \"Shard\": true}\n}\n",
      "OperatorJWTPath = '/x/OP.jwt'; HTTP { Port 9091 }; Store { Dir '/x/jwt'; Shard yes }",
    ])
  func peerFiles(_ text: String) throws {
    let configuration = try configuration(text)
    #expect(configuration.options.operatorFiles == ["/x/OP.jwt"])
    #expect(configuration.options.address == HostPort(host: "127.0.0.1", port: 9091))
    #expect(configuration.options.directory == "/x/jwt")
    #expect(configuration.options.isSharded)
    #expect(!configuration.options.isReadOnly)
    #expect(configuration.warnings.isEmpty, "\(configuration.warnings)")
  }

  @Test("keys in camel case, a single server as text, and times in milliseconds or as durations")
  func camelCase() throws {
    let configuration = try configuration(
      "NATS { Servers: 'nats://a:1, nats://b:2', ConnectTimeout: 1500, ReconnectWait: 2m, UserCredentials: x.creds, TLS { Root: ca.pem } }")
    #expect(configuration.options.natsServers == ["nats://a:1", "nats://b:2"])
    #expect(configuration.options.natsConnectTimeout == .milliseconds(1500))
    #expect(configuration.options.natsReconnectWait == .seconds(120))
    #expect(configuration.options.credentialsFile == "x.creds")
    #expect(configuration.options.natsCertificateAuthority == "ca.pem")
  }

  @Test("flags go before environment variables, which go before the file, which goes before what is standard")
  func precedence() throws {
    let text = "store { dir: file, state: file, cache: 1mb }\nkeys: file"
    let environment = [
      "NATS_CLAIMS_STORE_DIR": "variable", "NATS_CLAIMS_STORE_STATE": "variable", "NATS_CLAIMS_OPERATORJWTPATH": "a.jwt,b.jwt",
    ]
    let flag = ServerConfiguration.Flag("store.dir", name: "-dir", values: ["flag"])
    let configuration = try configuration(text, flags: [flag], environment: environment)
    #expect(configuration.options.directory == "flag")
    #expect(configuration.origin(of: "store.dir") == .flag("-dir"))
    #expect(configuration.options.state == "variable")
    #expect(configuration.origin(of: "store.state") == .environment("NATS_CLAIMS_STORE_STATE"))
    #expect(configuration.options.keys == "file")
    #expect(configuration.origin(of: "keys") == .file(ConfigPosition(file: "nas.conf", line: 2, column: 1)))
    #expect(configuration.options.tokenCache == 1 << 20)
    #expect(configuration.options.operatorFiles == ["a.jwt", "b.jwt"])
    #expect(configuration.origin(of: "http.port") == .standard)
  }

  @Test("a flag that may be given several times keeps commas within a path")
  func severalFlags() throws {
    let flag = ServerConfiguration.Flag("operatorjwtpath", name: "-operator", values: ["a,b.jwt", "c.jwt"])
    #expect(try configuration("", flags: [flag]).options.operatorFiles == ["a,b.jwt", "c.jwt"])
    let one = ServerConfiguration.Flag("operatorjwtpath", name: "-operator", values: ["a,b.jwt"])
    #expect(try configuration("operatorjwtpath: [x, y]", flags: [one]).options.operatorFiles == ["a,b.jwt"])
    #expect(try configuration("operatorjwtpath: [x, 'y,z']").options.operatorFiles == ["x", "y,z"])
  }

  @Test(
    "unknown keys are told with their place and what was probably meant, and stop nothing",
    arguments: [
      ("operatorjwtpaht: x", "'operatorjwtpaht' is no key of the configuration: did you mean 'operatorjwtpath'?"),
      ("store { dri: x }", "'store.dri' is no key of the configuration: did you mean 'store.dir'?"),
      ("stor { dir: x }", "'stor' is no key of the configuration: did you mean 'store'?"),
      ("somethingelse: x", "'somethingelse' is no key of the configuration: it is ignored"),
      ("nats { maxreconnects: -1 }", "'nats.maxreconnects' is not needed"),
      ("store { cleanupinterval: 0 }", "'store.cleanupinterval' is not needed"),
      ("keys: a\nKeys: b", "'keys' stands at nas.conf:1:1 before"),
    ])
  func warnings(_ text: String, _ part: String) throws {
    let warnings = try configuration(text).warnings
    #expect(warnings.count == 1)
    #expect(warnings.first?.description.contains(part) == true, "\(warnings)")
    #expect(warnings.first?.position?.file == "nas.conf")
  }

  @Test("a key that only names a variable is no unknown key")
  func variables() throws {
    let configuration = try configuration("base: /data\nstore { dir: $base }")
    #expect(configuration.options.directory == "/data")
    #expect(configuration.warnings.isEmpty)
  }

  @Test("environment variables that look like a mistake are told, others with the prefix are not")
  func unknownVariables() throws {
    let warnings = try configuration("", environment: ["NATS_CLAIMS_STORE_DRI": "x", "NATS_CLAIMS_PORT_9090_TCP_ADDR": "x"]).warnings
    #expect(
      warnings.map(\.message) == ["the environment variable NATS_CLAIMS_STORE_DRI is no setting: did you mean 'NATS_CLAIMS_STORE_DIR'?"])
  }

  @Test(
    "values that a key does not take are refused with their place and what it takes",
    arguments: [
      ("http { port: 65536 }", 1, 14, "'http.port' takes a whole number from 0 to 65535, not 65536"),
      ("http { port: abc }", 1, 14, "not \"abc\""),
      ("http: 5", 1, 7, "'http' takes a map in braces, not 5"), ("store {\n shard: maybe }", 2, 9, "true or false"),
      ("store { dir: 5 }", 1, 14, "the path"),
      ("store { dir: '' }", 1, 14, "the path"), ("store { dir: [a] }", 1, 14, "not a list"),
      ("nats { servers: [a, 5] }", 1, 17, "list of URLs"),
      ("nats { connecttimeout: -1 }", 1, 24, "at most 24h"), ("nats { connecttimeout: 5x }", 1, 24, "duration such as 5s"),
      ("clocktolerance: 9000h", 1, 17, "at most 8760h"), ("store { keepversions: 0 }", 1, 23, "of at least 1"),
      ("store { cache: -1 }", 1, 16, "bytes"),
      ("store { keeptombstones: 0d }", 1, 25, "at least 1"), ("primary: 'http://me:secret@a'", 1, 10, "without a user"),
      ("primary: nothing", 1, 10, "an http or https URL"),
      ("http { cors: 'https://a/' }", 1, 14, "an origin such as"), ("store { nsc: x }", 1, 9, "nsc push -A"),
    ])
  func refused(_ text: String, _ line: Int, _ column: Int, _ part: String) throws {
    let error = try #require(throws: ConfigError.self) { try configuration(text) }
    #expect(error.position == ConfigPosition(file: "nas.conf", line: line, column: column), "\(error)")
    #expect(error.message.contains(part), "\(error)")
  }

  @Test("flags and variables with a value that is none are refused by their name")
  func refusedElsewhere() throws {
    let flag = ServerConfiguration.Flag("store.cache", name: "--cache", values: ["much"])
    let byFlag = try #require(throws: ConfigError.self) { try configuration("", flags: [flag]) }
    #expect(byFlag.message == "--cache takes a number of bytes, such as 16MiB, not \"much\"")
    let byVariable = try #require(throws: ConfigError.self) { try configuration("", environment: ["NATS_CLAIMS_HTTP_PORT": "x"]) }
    #expect(byVariable.message.contains("NATS_CLAIMS_HTTP_PORT takes a whole number"))
  }

  @Test("passwords in URLs are not printed")
  func passwords() throws {
    let lines = try configuration("nats { servers: ['nats://me:secret@a:1', 'nats://b:2', 'tls://token@c'] }").lines
    #expect(lines.contains { $0.hasPrefix("nats.servers: [\"nats://***@a:1\", nats://b:2, \"tls://***@c\"]") }, "\(lines)")
  }

  @Test("what it prints is a configuration that says the same")
  func lines() throws {
    let text =
      "operatorjwtpath: [a.jwt, 'b c.jwt']\nstore { dir: '/a \"b\"', cache: 16mib, keeptombstones: 30d }\nnats { servers: [nats://a:1, nats://b:2], connecttimeout: 1m30s }"
    let first = try configuration(text)
    #expect(first.lines.count == Settings.all.count)
    let printed = first.lines.filter { !$0.contains(": none ") }.map { line in
      // `store.dir: x` as `store { dir: x }`.
      let parts = line.split(separator: ":", maxSplits: 1)
      let path = parts[0].split(separator: ".")
      return path.dropLast().map { "\($0) { " }.joined() + "\(path[path.count - 1]):\(parts[1])\n"
        + path.dropLast().map { _ in "}" }.joined()
    }
    for line in printed {
      let options = try configuration(line).options
      let path = String(line.split(separator: ":")[0].filter { $0 != " " }.replacing("{", with: "."))
      let setting = try #require(Settings.named(path))
      #expect(setting.text(options) == setting.text(first.options), "\(line)")
    }
    #expect(first.lines.contains { $0.hasPrefix("store.dir: \"/a \\\"b\\\"\"") && $0.hasSuffix("# nas.conf:2:9") })
    #expect(first.lines.contains { $0.hasPrefix("http.port: 9090 ") && $0.hasSuffix("# default") })
  }
}
