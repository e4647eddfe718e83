import Foundation
import GRDB

/// Reads a log that belongs to another process, or to none: it takes no lock that would hold a server up, changes nothing, and can read a copy
/// on a file system that cannot be written.
public final class LogReader: Sendable {
  /// The log's file.
  public let path: String
  /// Whether SQLite reads the file as one that nobody writes. A server that starts meanwhile makes that wrong; see ``isDisturbed``.
  private let isStill: Bool
  private let queue: DatabaseQueue

  /// Opens the log of a state folder.
  ///
  /// - Parameter state: the folder.
  /// - Throws: ``StoreError`` `unusableDirectory` when there is no log or it cannot be read, `damagedLog` when the file is no log.
  public init(_ state: StateFolder) throws {
    path = state.logFile
    do throws(FileError) {
      guard try state.hasLog else {
        throw FileError(code: ENOENT, call: "open", path: state.logFile)
      }
    } catch {
      throw StoreError(
        .unusableDirectory,
        "there is no change log \(state.logFile) that could be read: name the directory that is served with -dir DIR, or its state with "
          + "--state DIR (\(error))")
    }
    (queue, isStill) = try Self.openBestWay(path)
  }

  /// Whether a server began to write the log that was opened as one that nobody writes: what was read may be of two times.
  public var isDisturbed: Bool { isStill && Self.leftovers(of: path).isThere }

  /// Reads in one view of the log.
  func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try Self.translating(path) { try queue.read(body) }
  }

  private static func openBestWay(_ path: String) throws -> (DatabaseQueue, isStill: Bool) {
    let leftovers = leftovers(of: path)
    do {
      return leftovers.isThere ? (try open(path), false) : (try open(address(path)), true)
    } catch let error as DatabaseError {
      guard leftovers.isThere, leftovers.isEmpty, error.resultCode != .SQLITE_NOTADB else {
        throw failure(error, path, needsRecovery: !leftovers.isEmpty)
      }
      // A shared-memory file that was copied along: there is nothing in the write-ahead log, so the file alone says everything.
      return (try translating(path) { try open(address(path)) }, true)
    }
  }

  private static func open(_ path: String) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(5)
    configuration.label = "nats-claims audit"
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    // The first statement is what opens the file.
    try queue.read { db in _ = try Row.fetchOne(db, sql: "SELECT 1 FROM change LIMIT 1") }
    return queue
  }

  /// What a running server, or one that was killed, leaves beside the log.
  private static func leftovers(of path: String) -> (isThere: Bool, isEmpty: Bool) {
    let files = SystemFileSystem()
    func size(_ suffix: String) -> Int64? { (try? files.status(of: path + suffix))?.size }
    let log = size("-wal") ?? 0
    return (log > 0 || size("-shm") != nil, log == 0)
  }

  /// The file as SQLite's address of one that does not change: no lock, no files beside it.
  private static func address(_ path: String) -> String {
    var allowed = CharacterSet.urlPathAllowed
    allowed.remove(charactersIn: "%?#;")
    return "file:\(path.addingPercentEncoding(withAllowedCharacters: allowed) ?? path)?immutable=1"
  }

  private static func translating<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as DatabaseError {
      throw failure(error, path, needsRecovery: false)
    }
  }

  private static func failure(_ error: DatabaseError, _ path: String, needsRecovery: Bool) -> StoreError {
    let detail = "\(error.extendedResultCode.rawValue): \(error.message ?? "no message")"
    switch error.resultCode {
    case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_ERROR, .SQLITE_FORMAT:
      return StoreError(.damagedLog, "\(path) is damaged, or no change log of this version", detail: detail)
    case .SQLITE_CANTOPEN where needsRecovery, .SQLITE_READONLY where needsRecovery:
      return StoreError(
        .unusableDirectory,
        "\(path) was left by a server that was killed, and its folder cannot be written: copy log.sqlite and log.sqlite-wal into a folder of "
          + "your own and name that with --state DIR", detail: detail)
    default:
      return StoreError(.unusableDirectory, "\(path) cannot be read: check its rights", detail: detail)
    }
  }
}
