import Glibc
import TestSupport

/// A port that is ours for as long as the object lives, also while the server on it is down.
///
/// The socket is bound and never listens, so clients are refused; a server that sets `SO_REUSEADDR`, as all of ours do, may listen beside it.
final class ReservedPort: Sendable {
  let number: Int
  private let descriptor: Int32

  init() throws {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw SetupError.call("socket") }
    self.descriptor = descriptor
    var on: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
    var address = SocketAddress.loopback(port: 0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = SocketAddress.with(&address) { address, size in
      bind(descriptor, address, size) == 0 && getsockname(descriptor, address, &length) == 0
    }
    guard isBound else {
      close(descriptor)
      throw SetupError.call("bind")
    }
    number = Int(UInt16(bigEndian: address.sin_port))
  }

  deinit {
    close(descriptor)
  }
}

/// Addresses as the system calls take them.
enum SocketAddress {
  static func loopback(port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port).bigEndian)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }

  static func with<R>(_ address: inout sockaddr_in, _ body: (UnsafeMutablePointer<sockaddr>, socklen_t) -> R) -> R {
    withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
  }
}
