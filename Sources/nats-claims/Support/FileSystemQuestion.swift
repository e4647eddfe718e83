import Glibc

/// Small questions to the file system.
enum FileSystemQuestion {
  /// Whether something lies at a path.
  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
}
