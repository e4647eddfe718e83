/// An address to listen on, as `-hp` takes it: `127.0.0.1:9090`, `[::1]:9090`, `:9090` for every address.
public struct HostPort: Sendable, Hashable, CustomStringConvertible {
  /// The name or address, without brackets.
  public let host: String
  /// The port; 0 for any free one.
  public let port: Int

  /// Creates an address.
  public init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  /// Reads an address; nil when it has no port or the port is no number of 0 to 65535.
  public init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else { return nil }
    var host = text[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = host.dropFirst().dropLast()
    } else if host.contains(":") {
      return nil
    }
    self.init(host: host.isEmpty ? "0.0.0.0" : String(host), port: Int(port))
  }

  /// The address as a URL has it, with brackets around IPv6.
  public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
