/// A key of the configuration: what it is called, what may be written, and where it goes.
public struct Setting: Sendable {
  /// The keys that lead to it, in lower case, with points between.
  public let path: String
  /// What kind of value it takes.
  public let type: String
  /// What a number without a unit means; empty where there is none.
  public let unit: String
  /// The flag of `serve` that says the same; empty without one.
  public let flag: String
  /// Whether a changed value is taken up on SIGHUP, and not only at the next start.
  public let isReloaded: Bool
  /// What it does.
  public let meaning: String

  let apply: @Sendable (ConfigValue, inout ServerOptions) -> Bool
  let expectation: String
  /// Whether several values may be given.
  let takesList: Bool
  let text: @Sendable (ServerOptions) -> [String]

  init<Value>(
    _ path: String, _ type: SettingType<Value>, _ member: any WritableKeyPath<ServerOptions, Value> & Sendable, flag: String = "",
    isReloaded: Bool = false, _ meaning: String
  ) {
    self.path = path
    self.type = type.name
    self.unit = type.unit
    self.flag = flag
    self.isReloaded = isReloaded
    self.meaning = meaning
    expectation = type.expectation
    takesList = Value.self == [String].self
    apply = { written, options in
      guard let value = type.read(written) else { return false }
      options[keyPath: member] = value
      return true
    }
    text = { type.text($0[keyPath: member]) }
  }

  /// A setting that may be left out.
  init<Value>(
    _ path: String, optional type: SettingType<Value>, _ member: any WritableKeyPath<ServerOptions, Value?> & Sendable, flag: String = "",
    isReloaded: Bool = false, _ meaning: String
  ) {
    self.init(path, type.optional, member, flag: flag, isReloaded: isReloaded, meaning)
  }

  /// The environment variable that says the same: `NATS_CLAIMS_STORE_DIR` for `store.dir`.
  public var environmentName: String {
    ServerConfiguration.environmentPrefix + path.uppercased().replacing(".", with: "_")
  }

  /// What holds when nothing is said; `none` where nothing does.
  public var standard: String { text(ServerOptions()).first ?? "none" }
}
