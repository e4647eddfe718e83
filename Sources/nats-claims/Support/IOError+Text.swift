import Glibc
import NIOCore

extension IOError {
  /// The system's own words, without the names of calls.
  var text: String { strerror(errnoCode).map { String(cString: $0) } ?? "\(self)" }
}
