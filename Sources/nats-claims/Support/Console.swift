import Glibc
import Synchronization

/// Standard output and standard error.
enum Console {
  private static let isServer = Atomic(false)

  /// Has the program go on when its output cannot be written any more: a server does.
  static func goesOnWithoutOutput() { isServer.store(true, ordering: .relaxed) }

  /// Writes a line to standard output.
  static func print(_ line: String) {
    write(Array((line + "\n").utf8), to: STDOUT_FILENO)
  }

  /// Writes a line to standard error.
  static func note(_ line: String) {
    write(Array((line + "\n").utf8), to: STDERR_FILENO)
  }

  /// Writes bytes as they are to standard output.
  static func write(_ bytes: [UInt8]) {
    write(bytes, to: STDOUT_FILENO)
  }

  /// Writes text that stays on its line to standard error.
  static func status(_ text: String) {
    write(Array(text.utf8), to: STDERR_FILENO)
  }

  /// Whether a person looks at standard error.
  static var isInteractive: Bool { isatty(STDERR_FILENO) == 1 }

  /// Ends as any command does whose reader is gone: by a signal, which the NATS library has ignored. Anything else is told.
  private static func end(_ error: CInt) {
    if error == EPIPE {
      signal(SIGPIPE, SIG_DFL)
      raise(SIGPIPE)
    }
    note("nats-claims: standard output cannot be written: \(String(cString: strerror(error)))")
    exit(EX_IOERR)
  }

  private static func write(_ bytes: [UInt8], to descriptor: CInt) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno == EAGAIN {
        var readiness = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&readiness, 1, -1)
      } else if errno != EINTR {
        // Of standard error there is nobody left to tell.
        if descriptor == STDOUT_FILENO, !isServer.load(ordering: .relaxed) { end(errno) }
        return
      }
    }
  }
}
