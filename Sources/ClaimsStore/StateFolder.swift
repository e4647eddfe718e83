import Logging

/// The folder of our own state: the log, the lock, and files that were set aside. Nothing in it ends in `.jwt`, because full resolvers walk
/// sub-folders.
public struct StateFolder: Sendable {
  /// The folder's path.
  public let path: String
  private let fileSystem: any FileSystem

  /// Names a folder; nothing is touched.
  public init(_ path: String, fileSystem: any FileSystem = SystemFileSystem()) {
    self.path = path
    self.fileSystem = fileSystem
  }

  /// The change log; SQLite keeps two more files beside it.
  public var logFile: String { path + "/log.sqlite" }
  /// Where files from the directory are set aside.
  public var rejected: String { path + "/rejected" }
  /// The name of the administration door's socket in the folder.
  public static let socketName = "admin.sock"

  var lockFile: String { path + "/lock" }
  var reserve: DiskReserve { DiskReserve(path: path + "/reserve", fileSystem: fileSystem) }
  private var formatFile: String { path + "/format" }
  private var logFiles: [String] { ["", "-wal", "-shm"].map { logFile + $0 } }

  /// Whether there is a log.
  public var hasLog: Bool {
    get throws(FileError) { try fileSystem.status(of: logFile) != nil }
  }

  /// Makes the folder, and refuses one on a network file system, where SQLite's write-ahead log is not safe.
  func prepare() throws(StoreError) {
    do {
      try fileSystem.makeFolder(path)
    } catch {
      throw StoreError(
        .unusableDirectory,
        "the folder \(path) cannot be made: check its rights; for a directory that is only to be read there are --read-only and --state DIR",
        detail: "\(error)")
    }
    let type: FileSystemType
    do {
      type = try fileSystem.type(of: path)
    } catch {
      throw StoreError(.unusableDirectory, "the folder \(path) cannot be examined", detail: "\(error)")
    }
    guard !type.isNetwork else {
      throw StoreError(
        .networkFileSystem,
        "the folder \(path) lies on a network file system (\(type.name)), where the change log is not safe: name a local folder with --state DIR, "
          + "or serve the directory with --read-only")
    }
  }

  /// Opens the log. One that was there and is gone, or empty, or cannot be read, is never begun again silently: with it go the marks that keep old
  /// tokens out. `rebuilding` moves it aside; a sound log is left alone.
  ///
  /// - Parameters:
  ///   - rebuilding: whether a log that is lost or damaged is begun anew.
  ///   - logger: where it is told what was done about a log that is not sound.
  ///   - open: opens the log at a path and reads what the start needs of it; `isThere` says that there must be one already.
  /// - Returns: what `open` returned.
  /// - Throws: ``StoreError`` `damagedLog` for a log that is lost, and what `open` threw.
  func openLog<Opened>(
    rebuilding: Bool, logger: Logger, open: (_ path: String, _ isThere: Bool) throws -> Opened
  ) throws -> Opened {
    do {
      let isThere = try hadLog()
      if isThere { try refuseLostLog() }
      let opened = try openDespiteFullDisk(logger) { try open(logFile, isThere) }
      if rebuilding { logger.warning("the log can be opened: --rebuild-log did nothing", metadata: ["log": "\(logFile)"]) }
      return opened
    } catch let error as StoreError where rebuilding && error.code == .damagedLog {
      let names = try setLogAside()
      logger.warning(
        "the log is begun anew from the files; which older tokens were replaced or deleted is forgotten",
        metadata: ["reason": "\(error)", "old": "\(names.joined(separator: " "))"])
      return try open(logFile, false)
    }
  }

  /// A server that cannot start answers nobody, and a full disk is no reason for that: the first try fails, the second has the reserve.
  private func openDespiteFullDisk<Opened>(_ logger: Logger, _ open: () throws -> Opened) throws -> Opened {
    do {
      return try open()
    } catch let error as StoreError where error.code == .diskFull {
      do {
        guard try reserve.giveUp() else { throw error }
      } catch let failure as FileError {
        throw StoreError(.diskFull, error.message, detail: "\(error.detail); \(failure)")
      }
      logger.warning(
        "the disk is full: the log is opened with the room that was kept for that; free some space", metadata: ["log": "\(logFile)"])
      return try open()
    }
  }

  /// Whether an earlier start left a log here.
  private func hadLog() throws(StoreError) -> Bool {
    do {
      return try fileSystem.status(of: formatFile) != nil
    } catch {
      throw StoreError(.unusableDirectory, "the folder \(path) cannot be read", detail: "\(error)")
    }
  }

  private func refuseLostLog() throws(StoreError) {
    do {
      // SQLite would take an empty file for a new log.
      guard try fileSystem.status(of: logFile)?.size ?? 0 == 0 else { return }
    } catch {
      throw StoreError(.unusableDirectory, "the folder \(path) cannot be read", detail: "\(error)")
    }
    throw StoreError(
      .damagedLog,
      "the change log \(logFile) is gone or empty: restore it from a copy; or begin anew from the files, and forget which older tokens were replaced "
        + "or deleted, with --rebuild-log")
  }

  /// Moves the log's files aside, under the first number that is free.
  private func setLogAside() throws(StoreError) -> [String] {
    do {
      var number = 1
      while try fileSystem.status(of: "\(logFile).old-\(number)") != nil { number += 1 }
      var names: [String] = []
      for file in logFiles where try fileSystem.status(of: file) != nil {
        let name = file.replacing(logFile, with: "\(logFile).old-\(number)")
        try fileSystem.rename(file, to: name)
        names.append(name)
      }
      try fileSystem.sync(folder: path)
      return names
    } catch {
      throw StoreError(.unusableDirectory, "the log in \(path) cannot be moved aside", detail: "\(error)")
    }
  }

  /// Leaves a file that tells a later start that there was a log.
  func noteFormat() throws(StoreError) {
    do {
      guard try fileSystem.status(of: formatFile) == nil else { return }
      try fileSystem.create(formatFile, Array("1\n".utf8), modified: 0)
      try fileSystem.syncAll(under: path)
    } catch {
      throw StoreError(.unusableDirectory, "the folder \(path) cannot be written", detail: "\(error)")
    }
  }
}
