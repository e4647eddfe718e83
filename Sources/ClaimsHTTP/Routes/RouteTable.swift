import HTTPTypes
import Hummingbird

/// Every path with its methods and the rights they need, for what a router alone does not say: 405 with `Allow`, the right path for one written
/// differently, and who may.
struct RouteTable: Sendable {
  /// A method of a path.
  struct Route: Equatable, Sendable {
    let method: HTTPRequest.Method
    /// What it does, where that can be bound to a right; nil for what is always open.
    let action: AccessAction?
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

  private static let accounts = "/jwt/v1/accounts"
  /// What comes before the key in paths that end in one.
  private static let prefixes = [accounts + "/", "/jwt/v1/activations/", "/jwt/v1/operators/"]

  /// Adds methods of a path without parameters, or of those that end in a key (`/jwt/v1/accounts/*`), that do the same.
  mutating func add(_ path: String, _ methods: [HTTPRequest.Method], _ action: AccessAction?) {
    routes[path, default: []] += methods.map { Route(method: $0, action: action) }
  }

  /// Resolves the path of a request, without its query.
  func resolve(_ path: String) -> Resolution {
    if let routes = routes[Self.pattern(of: path)] { return .known(routes) }
    let canonical = Self.canonical(path)
    return canonical != path && routes[Self.pattern(of: canonical)] != nil ? .elsewhere(canonical) : .unknown
  }

  /// `/jwt/v1/accounts/KEY` becomes `/jwt/v1/accounts/*`.
  static func pattern(of path: String) -> String {
    guard let prefix = prefixes.first(where: path.hasPrefix) else { return path }
    // The padding of an activation's hash may be written either way.
    let key = path.dropFirst(prefix.count).withPlainPadding
    return key.isEmpty || key.contains("/") || key.contains("%") ? path : prefix + "*"
  }

  /// One slash between parts, none at the end (but for the resolver's probe), fixed parts in lower case.
  private static func canonical(_ path: String) -> String {
    let parts = path.split(separator: "/", omittingEmptySubsequences: true)
    let plain = "/" + parts.joined(separator: "/")
    let lowered = plain.lowercased()
    if lowered == accounts { return path.hasSuffix("/") ? accounts + "/" : accounts }
    if let prefix = prefixes.first(where: lowered.hasPrefix) { return prefix + plain.dropFirst(prefix.count) }
    return lowered
  }
}

extension StringProtocol {
  /// The text with `=` in place of its escape.
  var withPlainPadding: String { String(self).replacing("%3D", with: "=").replacing("%3d", with: "=") }
}
