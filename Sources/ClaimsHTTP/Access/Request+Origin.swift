import HTTPTypes
import Hummingbird

extension Request {
  /// Whether the request itself names this machine and came by no proxy.
  ///
  /// A page in a browser here can be made to ask a name that leads to this machine, and a proxy here asks for whoever is behind it: both come
  /// from a loopback address.
  var isForThisMachine: Bool {
    let passes = ["Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"].allSatisfy { name in
      HTTPField.Name(name).map { headers[$0] == nil } ?? true
    }
    return passes && Self.isLoopbackName(head.authority ?? "")
  }

  /// Whether an authority, `HOST` or `HOST:PORT`, is this machine by name or address.
  static func isLoopbackName(_ authority: String) -> Bool {
    if authority.hasPrefix("[") { return authority == "[::1]" || authority.hasPrefix("[::1]:") }
    let host = authority.prefix { $0 != ":" }.lowercased()
    guard host != "localhost" else { return true }
    let numbers = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    return numbers.count == 4 && numbers.allSatisfy { $0 != nil } && numbers[0] == 127
  }
}
