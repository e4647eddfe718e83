/// Where the value of a setting comes from.
public enum SettingOrigin: Sendable, Hashable, CustomStringConvertible {
  /// Nothing was said.
  case standard
  /// The configuration file.
  case file(ConfigPosition)
  /// An environment variable, by its name.
  case environment(String)
  /// A flag of the command line, as it is written.
  case flag(String)

  /// The origin for people.
  public var description: String {
    switch self {
    case .standard: "default"
    case .file(let position): "\(position)"
    case .environment(let name): "environment \(name)"
    case .flag(let name): "flag \(name)"
    }
  }

  /// The origin in front of a message about the value.
  public var place: String {
    switch self {
    case .standard: "default"
    case .file(let position): "\(position)"
    case .environment(let name), .flag(let name): name
    }
  }
}
