/// What the server runs with, and where each value comes from: flags before environment variables before the file before what is standard.
public struct ServerConfiguration: Sendable {
  /// A flag of the command line that says a setting.
  public struct Flag: Sendable, Hashable {
    /// The setting's path.
    public let path: String
    /// The flag as it is written.
    public let name: String
    /// Its value, or its values where it may be given several times.
    public let values: [String]

    /// Creates a flag.
    public init(_ path: String, name: String, values: [String]) {
      self.path = path
      self.name = name
      self.values = values
    }
  }

  /// What the names of environment variables start with.
  public static let environmentPrefix = "NATS_CLAIMS_"
  /// The variable that names the file.
  public static let fileVariable = environmentPrefix + "CONFIG"

  /// What the server runs with.
  public private(set) var options = ServerOptions()
  /// What may be a mistake and stops nothing, with its place.
  public private(set) var warnings: [ConfigWarning] = []
  private var origins: [String: SettingOrigin] = [:]

  /// Reads a file, if there is one, the environment and the flags.
  ///
  /// - Throws: ``ConfigError`` when a value is none that its key takes, or the file is none.
  public init(file: String?, flags: [Flag] = [], source: ConfigSource) throws(ConfigError) {
    try self.init(map: file.map { file throws(ConfigError) in try source.read(file) }, flags: flags, source: source)
  }

  /// The same for the text of a file.
  ///
  /// - Throws: ``ConfigError`` when a value is none that its key takes, or the text is no configuration.
  public init(text: String, file: String, flags: [Flag] = [], source: ConfigSource) throws(ConfigError) {
    try self.init(map: try source.read(text: text, file: file), flags: flags, source: source)
  }

  private init(map: ConfigMap?, flags: [Flag], source: ConfigSource) throws(ConfigError) {
    if let map { try take(map, under: "") }
    for (name, value) in source.environment.sorted(by: { $0.key < $1.key }) where name.hasPrefix(Self.environmentPrefix) {
      try take(variable: name, value: value)
    }
    for flag in flags {
      guard let setting = Settings.named(flag.path) else { throw ConfigError("\(flag.name) says no setting: \(flag.path)", at: nil) }
      guard setting.apply(ConfigValue(flag.values, from: flag.name), &options) else {
        throw ConfigError("\(flag.name) takes \(setting.expectation), not \"\(flag.values.joined(separator: ","))\"", at: nil)
      }
      origins[flag.path] = .flag(flag.name)
    }
  }

  /// Where a setting's value comes from.
  public func origin(of path: String) -> SettingOrigin { origins[path] ?? .standard }

  /// The settings whose values differ from those of another configuration.
  public func changes(from other: ServerConfiguration) -> [Setting] {
    Settings.all.filter { $0.text(options) != $0.text(other.options) }
  }

  /// Every setting with its value and where it comes from, as the file could say it, one a line.
  public var lines: [String] {
    let values = Settings.all.map { "\($0.path): \(Self.shown($0.text(options)))" }
    let width = values.map(\.count).max() ?? 0
    return zip(values, Settings.all).map { value, setting in
      value + String(repeating: " ", count: width - value.count) + "  # \(origin(of: setting.path))"
    }
  }

  /// Values as the file writes them, without the passwords of URLs.
  private static func shown(_ texts: [String]) -> String {
    guard let first = texts.first else { return "none" }
    return texts.count == 1 ? shown(first) : "[\(texts.map { shown($0) }.joined(separator: ", "))]"
  }

  private static func shown(_ text: String) -> String {
    let text = text.replacing(/\/\/[^@\/]*@/, with: "//***@")
    let plain = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_./:@".contains($0)) }
    return plain && !text.isEmpty ? text : "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
  }

  // MARK: File

  private mutating func take(_ map: ConfigMap, under group: String) throws(ConfigError) {
    var places: [String: ConfigPosition] = [:]
    for entry in map.entries {
      let path = group + entry.key.lowercased()
      if let place = places.updateValue(entry.position, forKey: path) {
        warnings.append(
          ConfigWarning(.mistake, "'\(path)' stands at \(place) before: this later value holds, as in nats-server", at: entry.position))
      }
      try take(entry, path: path)
    }
  }

  private mutating func take(_ entry: ConfigMap.Entry, path: String) throws(ConfigError) {
    if let setting = Settings.named(path) {
      guard setting.apply(entry.value, &options) else {
        throw ConfigError("'\(path)' takes \(setting.expectation), not \(entry.value.shown)", at: entry.value.position)
      }
      origins[path] = .file(entry.position)
    } else if Settings.isGroup(path) {
      guard case .map(let map) = entry.value.content else {
        throw ConfigError("'\(path)' takes a map in braces, not \(entry.value.shown)", at: entry.value.position)
      }
      try take(map, under: path + ".")
    } else if let advice = PeerKeys.refused[path] {
      throw ConfigError("'\(path)': \(advice)", at: entry.position)
    } else if let reason = PeerKeys.unneeded[path] {
      warnings.append(ConfigWarning(.unneeded, "'\(path)' is not needed: \(reason)", at: entry.position))
    } else if !entry.isVariable {
      warnings.append(
        ConfigWarning(.mistake, "'\(path)' is no key of the configuration\(Self.suggestion(path, among: Self.paths))", at: entry.position))
    }
  }

  private static let paths = Settings.all.map { $0.path } + Settings.groups + PeerKeys.unneeded.keys

  private static func suggestion(_ name: String, among names: [String]) -> String {
    NearestName.of(name, among: names).map { ": did you mean '\($0)'?" } ?? ": it is ignored"
  }

  // MARK: Environment

  private mutating func take(variable name: String, value: String) throws(ConfigError) {
    guard let setting = Settings.all.first(where: { $0.environmentName == name }) else { return noteUnknown(variable: name) }
    // Paths hold no commas by custom, and an environment has no lists.
    let values = value.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    let written = ConfigValue(setting.takesList ? values : [value], from: name)
    guard setting.apply(written, &options) else {
      throw ConfigError("the environment variable \(name) takes \(setting.expectation), not \"\(value)\"", at: nil)
    }
    origins[setting.path] = .environment(name)
  }

  /// Only what looks like a mistake is told: where a service of this name runs, others set variables that start the same.
  private mutating func noteUnknown(variable name: String) {
    let names = Settings.all.map { $0.environmentName.dropFirst(Self.environmentPrefix.count) }.map(String.init)
    guard let nearest = NearestName.of(String(name.dropFirst(Self.environmentPrefix.count)), among: names) else { return }
    warnings.append(
      ConfigWarning(
        .mistake, "the environment variable \(name) is no setting: did you mean '\(Self.environmentPrefix)\(nearest)'?", at: nil))
  }
}

extension ConfigValue {
  /// One text, or several as a list.
  fileprivate init(_ texts: [String], from name: String) {
    let place = ConfigPosition(file: name, line: 1, column: 1)
    let values = texts.map { ConfigValue(.text($0), at: place) }
    self = values.count == 1 ? values[0] : ConfigValue(.array(values), at: place)
  }
}
