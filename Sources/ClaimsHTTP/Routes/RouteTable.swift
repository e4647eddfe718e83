import HTTPTypes
import Hummingbird

/// Every path with its methods and the rights they need, for what a router alone does not say: 405 with `Allow`, the right path for one written
/// differently, and who may.
struct RouteTable: Sendable {
  /// A method of a path.
  struct Route: Equatable, Sendable {
    let method: HTTPRequest.Method
    /// What it does, where that can be bound to rights; empty for what is always open.
    let actions: [AccessAction]
  }

  /// What a path comes to.
  enum Resolution: Equatable, Sendable {
    /// A path of ours, with its methods.
    case known([Route])
    /// A path of ours, written differently: doubled or trailing slashes, capitals.
    case elsewhere(String)
    /// No path of ours.
    case unknown
  }

  /// The methods of every path, or pattern of paths.
  private(set) var routes: [String: [Route]] = [:]
  /// The parts of the patterns.
  private var patterns: [[Substring]] = []

  /// A path that has a meaning of its own with a slash at its end: the resolver's probe.
  private static let probe = "/jwt/v1/accounts"

  /// Adds methods of a path, or of a pattern: `*` stands for a part that is a key, a hash or a name.
  mutating func add(_ path: String, _ methods: [HTTPRequest.Method], _ actions: [AccessAction] = []) {
    if routes[path] == nil, path.contains("*") { patterns.append(path.split(separator: "/")) }
    routes[path, default: []] += methods.map { Route(method: $0, actions: actions) }
  }

  /// Resolves the path of a request, without its query.
  func resolve(_ path: String) -> Resolution {
    if let routes = routes[pattern(of: path)] { return .known(routes) }
    let canonical = canonical(path)
    return canonical != path && routes[pattern(of: canonical)] != nil ? .elsewhere(canonical) : .unknown
  }

  /// `/jwt/v1/accounts/KEY` becomes `/jwt/v1/accounts/*`.
  func pattern(of path: String) -> String {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.first == "", routes[path] == nil else { return path }
    let found = patterns.first { pattern in
      pattern.count == parts.count - 1 && zip(pattern, parts.dropFirst()).allSatisfy { $0 == $1 || ($0 == "*" && Self.isParameter($1)) }
    }
    return found.map { "/" + $0.joined(separator: "/") } ?? path
  }

  /// Whether a part can be a key, a hash or a name. The padding of a hash may be escaped, nothing else.
  private static func isParameter(_ part: Substring) -> Bool {
    !part.isEmpty && !part.withPlainPadding.contains("%")
  }

  /// One slash between parts, none at the end (but for the resolver's probe), fixed parts in lower case.
  private func canonical(_ path: String) -> String {
    let parts = path.split(separator: "/", omittingEmptySubsequences: true)
    let lowered = parts.map { $0.lowercased() }
    let plain = "/" + lowered.joined(separator: "/")
    if plain == Self.probe { return path.hasSuffix("/") ? Self.probe + "/" : Self.probe }
    if routes[plain] != nil { return plain }
    let found = patterns.first { pattern in pattern.count == parts.count && zip(pattern, lowered).allSatisfy { $0 == $1 || $0 == "*" } }
    guard let found else { return plain }
    return "/" + found.indices.map { found[$0] == "*" ? String(parts[$0]) : lowered[$0] }.joined(separator: "/")
  }
}

extension StringProtocol {
  /// The text with `=` in place of its escape.
  var withPlainPadding: String { String(self).replacing("%3D", with: "=").replacing("%3d", with: "=") }
}
