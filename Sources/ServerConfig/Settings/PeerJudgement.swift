/// What is to be known of a configuration of the peer before this program takes its place.
public struct PeerJudgement: Sendable {
  /// What is to be known of the file's keys, in the order in which they stand.
  public let remarks: [ConfigWarning]
  /// What this program would run with.
  public let options: ServerOptions

  /// Reads a file of the peer, without looking at environment variables and flags of this program.
  ///
  /// - Throws: ``ConfigError`` when this program would not start with it.
  public init(file: String, source: ConfigSource) throws(ConfigError) {
    let named = source.environment.filter { !$0.key.hasPrefix(ServerConfiguration.environmentPrefix) }
    let configuration = try ServerConfiguration(file: file, source: ConfigSource(environment: named))
    options = configuration.options
    let changed = PeerKeys.changed.compactMap { path, difference -> ConfigWarning? in
      guard case .file(let position) = configuration.origin(of: path) else { return nil }
      return ConfigWarning(.changed, "'\(path)': \(difference)", at: position)
    }
    remarks = (changed + configuration.warnings).sorted { first, second in
      guard let first = first.position, let second = second.position else { return first.position != nil }
      return (first.file, first.line, first.column) < (second.file, second.line, second.column)
    }
  }
}
