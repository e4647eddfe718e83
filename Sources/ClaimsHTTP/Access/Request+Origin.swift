import HTTPTypes
import Hummingbird

extension Request {
  /// Whether the request itself names this machine, came by no proxy that says so, and is no other page's.
  ///
  /// A page in a browser here can ask this machine by its address or by a name that leads to it, and a proxy here asks for whoever is behind it: all
  /// come from a loopback address. A proxy that says nothing of itself cannot be told from a client.
  var isForThisMachine: Bool {
    let host = head.authority ?? ""
    let isOfAnotherPage = value(of: "Origin").map { !$0.hasSuffix("://\(host)") } ?? false
    let site = value(of: "Sec-Fetch-Site") ?? "none"
    return Self.isLoopbackName(host) && !isOfAnotherPage && ["none", "same-origin"].contains(site)
      && Self.proxyFields.allSatisfy { value(of: $0) == nil }
  }

  /// What proxies add.
  private static let proxyFields = ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via"]

  private func value(of name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }

  /// Whether an authority, `HOST` or `HOST:PORT`, is this machine by name or address.
  static func isLoopbackName(_ authority: String) -> Bool {
    if authority.hasPrefix("[") { return authority == "[::1]" || authority.hasPrefix("[::1]:") }
    let host = authority.prefix { $0 != ":" }.lowercased()
    guard host != "localhost" else { return true }
    let numbers = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    return numbers.count == 4 && numbers.allSatisfy { $0 != nil } && numbers[0] == 127
  }
}
