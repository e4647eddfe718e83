import Foundation

/// Standard output and standard error.
enum Console {
  /// Writes a line to standard output.
  static func print(_ line: String) {
    write(Data((line + "\n").utf8), to: .standardOutput)
  }

  /// Writes a line to standard error.
  static func note(_ line: String) {
    write(Data((line + "\n").utf8), to: .standardError)
  }

  /// Writes bytes as they are to standard output.
  static func write(_ bytes: [UInt8]) {
    write(Data(bytes), to: .standardOutput)
  }

  /// Writes text that stays on its line to standard error.
  static func status(_ text: String) {
    write(Data(text.utf8), to: .standardError)
  }

  /// Whether a person looks at standard error.
  static var isInteractive: Bool { isatty(STDERR_FILENO) == 1 }

  private static func write(_ data: Data, to handle: FileHandle) {
    do {
      try handle.write(contentsOf: data)
    } catch {
      // Whoever read the output is gone: there is nobody left to tell. (Commands end by SIGPIPE before they come here; a server goes on.)
    }
  }
}
