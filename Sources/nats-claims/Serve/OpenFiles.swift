import Glibc
import Logging

/// Raises the limit of open files to what the system allows: every connection needs one.
enum OpenFiles {
  static func raise(_ logger: Logger) {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
    limit.rlim_cur = limit.rlim_max
    guard setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
      return logger.warning("the limit of open files cannot be raised", metadata: ["error": "\(errno)"])
    }
    logger.debug("the limit of open files is raised", metadata: ["files": "\(limit.rlim_cur)"])
  }
}
