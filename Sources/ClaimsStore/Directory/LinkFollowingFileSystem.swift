import Glibc

/// A file system whose links are followed where they stay inside a folder, for directories that others lay out: Kubernetes puts the files of a
/// ConfigMap behind links, which it turns to all new files at once.
///
/// A link that leads out of the folder stays a link: what lies there was not put here.
public struct LinkFollowingFileSystem: FileSystem {
  private let base: any FileSystem
  private let folder: String

  /// Follows links of a file system inside a folder.
  public init(_ base: any FileSystem, inside folder: String) {
    self.base = base
    self.folder = folder
  }

  /// What lies at a path, or where the link there leads to.
  public func status(of path: String) throws(FileError) -> FileStatus? {
    let status = try base.status(of: path)
    guard status?.kind == .other, let target = target(of: path) else { return status }
    return try base.status(of: target) ?? status
  }

  /// A regular file's bytes, or those of one that a link leads to.
  public func read(_ path: String, limit: Int) throws(FileError) -> [UInt8] {
    try base.read(try resolved(path), limit: limit)
  }

  /// Whether someone has the file open for writing.
  public func isBeingWritten(_ path: String) throws(FileError) -> Bool {
    try base.isBeingWritten(try resolved(path))
  }

  private func resolved(_ path: String) throws(FileError) -> String {
    guard try base.status(of: path)?.kind == .other else { return path }
    return target(of: path) ?? path
  }

  /// Where a link leads to in the end; nil when that is outside, or nowhere.
  private func target(of path: String) -> String? {
    guard let root = Self.realPath(folder), let target = Self.realPath(path) else { return nil }
    return target.hasPrefix(root + "/") ? target : nil
  }

  private static func realPath(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// The names in a folder.
  public func names(in folder: String) throws(FileError) -> [String] { try base.names(in: folder) }

  /// Creates a file.
  public func create(_ path: String, _ bytes: [UInt8], modified: Int64) throws(FileError) {
    try base.create(path, bytes, modified: modified)
  }

  /// Sets a regular file's time of modification.
  public func setModified(_ path: String, to time: Int64, limit: Int, ifRight isRight: ([UInt8]) -> Bool) throws(FileError) -> Bool {
    try base.setModified(path, to: time, limit: limit, ifRight: isRight)
  }

  /// Puts a file in the place of another.
  public func rename(_ path: String, to target: String) throws(FileError) { try base.rename(path, to: target) }

  /// Removes a file.
  public func remove(_ path: String) throws(FileError) { try base.remove(path) }

  /// Makes a folder.
  public func makeFolder(_ path: String) throws(FileError) { try base.makeFolder(path) }

  /// Makes a folder's entries durable.
  public func sync(folder: String) throws(FileError) { try base.sync(folder: folder) }

  /// Makes everything durable.
  public func syncAll(under folder: String) throws(FileError) { try base.syncAll(under: folder) }

  /// What kind of file system a folder lies on.
  public func type(of folder: String) throws(FileError) -> FileSystemType { try base.type(of: folder) }
}
