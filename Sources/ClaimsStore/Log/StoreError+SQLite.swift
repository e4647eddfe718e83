import GRDB

extension StoreError {
  /// What an error of SQLite means to those above the log.
  init(sqlite error: DatabaseError, opening path: String? = nil) {
    let detail = "\(error.extendedResultCode.rawValue): \(error.message ?? "no message")"
    let isOpening = path != nil
    switch error.resultCode {
    // The shared memory's file is written when it is made: what stops that is a disk without room.
    case .SQLITE_FULL,
      .SQLITE_IOERR where error.extendedResultCode == .SQLITE_IOERR_SHMSIZE:
      self.init(
        .diskFull,
        isOpening
          ? "the disk is full: the change log cannot be opened; free some space and start again"
          : "the disk is full: nothing was stored; free some space and push again", detail: detail)
    case .SQLITE_CORRUPT, .SQLITE_NOTADB:
      self.init(
        .damagedLog,
        path.map { "the change log \($0) is damaged: restore it from a copy, or begin anew from the files with --rebuild-log" }
          ?? "the change log is damaged: nothing was stored; stop the server and restore the log from a copy", detail: detail)
    case .SQLITE_CANTOPEN:
      self.init(
        .unusableDirectory, "the change log cannot be opened\(path.map { " (\($0))" } ?? ""); check the rights of the folder",
        detail: detail)
    case .SQLITE_READONLY, .SQLITE_PERM:
      self.init(
        isOpening ? .unusableDirectory : .ioFailure,
        "the change log\(path.map { " \($0)" } ?? "") cannot be written; check the rights of the file, of its folder, and whether the file system "
          + "can be written", detail: detail)
    default:
      self.init(.ioFailure, "the change log cannot be written or read: nothing is acknowledged; push again in a moment", detail: detail)
    }
  }
}
