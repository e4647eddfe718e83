import Glibc
import NIOCore

extension Channel {
  /// The address of the other side; `local` for one at a Unix socket.
  var ipAddress: String { remoteAddress?.ipAddress ?? "local" }

  /// What limits of one address count by.
  var countedAddress: String { countedNetwork(of: ipAddress) }
}

/// What limits of one address count by: of IPv6 the network of 64 bits, since one client has all the addresses in it. An IPv4 address that is
/// written as one of IPv6 counts whole.
func countedNetwork(of address: String) -> String {
  var bytes = [UInt8](repeating: 0, count: 16)
  guard inet_pton(AF_INET6, address, &bytes) == 1 else { return address }
  let isMapped = bytes.starts(with: [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF])
  return (isMapped ? bytes[12...] : bytes[..<8]).map { String($0, radix: 16) }.joined(separator: ".")
}
