/// What is to be known of a configuration of the peer before this program takes its place.
public struct PeerJudgement: Sendable {
  /// What is to be known of a key.
  public struct Remark: Sendable, Hashable {
    /// Whether a key means less, the same with a difference, or is a mistake.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
      /// It means something else here.
      case changed
      /// It may stand there, and does nothing.
      case unneeded
      /// It is not followed yet.
      case missing
      /// It is no key of either program, or stands twice.
      case mistake
    }

    /// The kind.
    public let kind: Kind
    /// Where the key stands.
    public let position: ConfigPosition?
    /// What is to be known.
    public let text: String
  }

  /// What is to be known of the file's keys, in the order in which they stand.
  public let remarks: [Remark]
  /// What this program would run with.
  public let options: ServerOptions

  /// Reads a file of the peer, without looking at environment variables and flags of this program.
  ///
  /// - Throws: ``ConfigError`` when this program would not start with it.
  public init(file: String, source: ConfigSource) throws(ConfigError) {
    let named = source.environment.filter { !$0.key.hasPrefix(ServerConfiguration.environmentPrefix) }
    let configuration = try ServerConfiguration(file: file, source: ConfigSource(environment: named))
    options = configuration.options
    let changed = PeerKeys.changed.keys.sorted().compactMap { path -> Remark? in
      guard case .file(let position) = configuration.origin(of: path), let difference = PeerKeys.changed[path] else { return nil }
      return Remark(kind: .changed, position: position, text: "'\(path)': \(difference)")
    }
    let others = configuration.warnings.map { warning in
      Remark(kind: Self.kind(of: warning), position: warning.position, text: warning.message)
    }
    remarks = (changed + others).sorted { first, second in
      guard let first = first.position, let second = second.position else { return first.position != nil }
      return (first.file, first.line, first.column) < (second.file, second.line, second.column)
    }
  }

  private static func kind(of warning: ConfigError) -> Remark.Kind {
    func names(_ keys: [String: String]) -> Bool { keys.keys.contains { warning.message.hasPrefix("'\($0)' is not") } }
    return names(PeerKeys.unneeded) ? .unneeded : names(PeerKeys.missing) ? .missing : .mistake
  }
}
