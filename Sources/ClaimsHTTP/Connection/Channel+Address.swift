import NIOCore

extension Channel {
  /// The address of the other side; `local` for one at a Unix socket.
  var ipAddress: String { remoteAddress?.ipAddress ?? "local" }
}
