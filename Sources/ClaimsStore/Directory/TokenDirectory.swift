public import Claims
import Glibc

/// The directory of `.jwt` files as nats-account-server and nats-server's full resolver lay it out.
///
/// Flat: `<KEY>.jwt`. Sharded: `<last two characters>/<KEY>.jwt`. Both are read whatever the setting; one is written.
public struct TokenDirectory: Sendable {
  /// Where the files of an account lie.
  public enum Layout: Sendable, Hashable, CaseIterable {
    /// All in the folder itself.
    case flat
    /// In sub-folders named by the key's last two characters.
    case sharded

    /// The other one.
    public var other: Layout { self == .flat ? .sharded : .flat }
  }

  /// A `.jwt` file as it was found.
  public struct File: Sendable, Hashable {
    /// The name without `.jwt`: the account's key, if the file is rightly named.
    public let name: String
    /// Its path.
    public let path: String
    /// The layout in which it lies.
    public let layout: Layout

    /// Names a file.
    init(name: String, path: String, layout: Layout) {
      self.name = name
      self.path = path
      self.layout = layout
    }

    /// Its path below the directory.
    public var relativePath: String {
      path.split(separator: "/").suffix(layout == .flat ? 1 : 2).joined(separator: "/")
    }
  }

  /// The folder.
  public let path: String
  /// How files are written.
  public let layout: Layout
  /// The folder for files that are set aside; nil when the directory is only read.
  public let rejected: String?
  let fileSystem: any FileSystem

  /// Names a directory; nothing is touched.
  public init(path: String, layout: Layout, rejected: String? = nil, fileSystem: any FileSystem = SystemFileSystem()) {
    self.path = path
    self.layout = layout
    self.rejected = rejected
    self.fileSystem = fileSystem
  }

  /// What kind of file system the directory lies on.
  public var fileSystemType: FileSystemType {
    get throws(FileError) { try fileSystem.type(of: path) }
  }

  /// Every `.jwt` file of both layouts, sorted by path.
  public func files() throws(FileError) -> [File] {
    var files: [File] = []
    for name in try fileSystem.names(in: path).sorted() {
      if let file = file(named: name, in: nil) {
        files.append(file)
      } else if try isShard(name) {
        for inner in try fileSystem.names(in: "\(path)/\(name)").sorted() {
          if let file = file(named: inner, in: name) { files.append(file) }
        }
      }
    }
    return files
  }

  /// The sub-folders that may hold files.
  public func shards() throws(FileError) -> [String] {
    var shards: [String] = []
    for name in try fileSystem.names(in: path).sorted() where try isShard(name) { shards.append(name) }
    return shards
  }

  /// The `.jwt` file of a name, in the directory itself or in a sub-folder; nil when a file of this name is none.
  public func file(named name: String, in shard: String?) -> File? {
    guard name.hasSuffix(Self.ending), !name.hasPrefix("."), name.utf8.count > Self.ending.count else { return nil }
    let folder = shard.map { "\(path)/\($0)" } ?? path
    return File(name: String(name.dropLast(Self.ending.count)), path: "\(folder)/\(name)", layout: shard == nil ? .flat : .sharded)
  }

  /// The file of an account in a layout, whether it is there or not.
  public func file(of account: AccountKey, in layout: Layout) -> File {
    let key = account.text
    return File(name: key, path: "\(folder(of: key, layout))/\(key)\(Self.ending)", layout: layout)
  }

  /// Whether a name is that of a sub-folder which may hold files.
  public func isShard(_ name: String) throws(FileError) -> Bool {
    guard name.utf8.count == 2, !name.hasPrefix(".") else { return false }
    return try fileSystem.status(of: "\(path)/\(name)")?.kind == .folder
  }

  /// The bytes of a file, at most one more than a token may have.
  public func read(_ file: File) throws(FileError) -> [UInt8] {
    try fileSystem.read(file.path, limit: Self.readLimit)
  }

  /// Whether someone still writes a file; false when that cannot be known.
  public func isBeingWritten(_ file: File) -> Bool {
    (try? fileSystem.isBeingWritten(file.path)) ?? false
  }

  /// What lies at a file's path; nil when nothing does.
  public func status(of file: File) throws(FileError) -> FileStatus? {
    try fileSystem.status(of: file.path)
  }

  /// Dates a file as its record, so that a scan can tell by its time that it is as we left it.
  ///
  /// - Returns: whether it holds the token with this digest, up to a line feed at its end; if it does not, it stays as it is.
  public func date(_ file: File, _ time: Int64, ifItHolds digest: TokenDigest) throws(FileError) -> Bool {
    try fileSystem.setModified(file.path, to: time, limit: Self.readLimit) { Token($0).withoutTrailingLineFeed.digest == digest }
  }

  /// Removes a file.
  public func remove(_ file: File) throws(FileError) {
    try fileSystem.remove(file.path)
  }

  /// Moves a file out of the directory, so that nothing is lost.
  ///
  /// - Parameters:
  ///   - file: the file.
  ///   - time: what its new name tells, in milliseconds since 1970.
  ///   - judged: how it looked when it was judged; another that was put in its place since stays.
  /// - Returns: the path where it lies now; nil when it was not moved.
  /// - Throws: ``FileError`` when it cannot be moved.
  public func setAside(_ file: File, at time: Int64, as judged: FileStatus?) throws(FileError) -> String? {
    guard let rejected else { throw FileError(code: EROFS, call: "rename", path: file.path) }
    try fileSystem.makeFolder(rejected)
    var target = "\(rejected)/\(file.name)\(Self.ending).\(time)"
    var number = 1
    while try fileSystem.status(of: target) != nil {
      number += 1
      target = "\(rejected)/\(file.name)\(Self.ending).\(time)-\(number)"
    }
    guard try status(of: file) == judged else { return nil }
    do {
      try fileSystem.rename(file.path, to: target)
      guard try fileSystem.status(of: target) == judged else {
        // Another came in between.
        if try status(of: file) == nil { try fileSystem.rename(target, to: file.path) }
        return nil
      }
    } catch  where error.code == EXDEV {
      // The state lies on another file system.
      let bytes = try fileSystem.read(file.path, limit: Self.largestCopy + 1)
      guard bytes.count <= Self.largestCopy else { throw FileError(code: EFBIG, call: "read", path: file.path) }
      do {
        try fileSystem.create(target, bytes, modified: time)
        try fileSystem.syncAll(under: rejected)
      } catch {
        // A full disk takes a part: the next try is under the same name.
        try? fileSystem.remove(target)
        throw error
      }
      guard try status(of: file) == judged else {
        try fileSystem.remove(target)
        return nil
      }
      try fileSystem.remove(file.path)
    }
    return target
  }

  /// Puts a token into its file: a temporary file first, then a rename, so that a reader sees the old or the new one. It is durable after
  /// ``syncAll()``.
  public func write(_ token: Token, for account: AccountKey, modified: Int64) throws(FileError) {
    let key = account.text
    let folder = folder(of: key, layout)
    if layout == .sharded { try fileSystem.makeFolder(folder) }
    let temporary = "\(folder)/.\(key)\(Self.temporaryEnding)"
    do {
      try fileSystem.remove(temporary)
      try fileSystem.create(temporary, token.bytes, modified: modified)
      try fileSystem.rename(temporary, to: "\(folder)/\(key)\(Self.ending)")
    } catch {
      // The first error is the one to report; a temporary file that stays is removed by the next write.
      try? fileSystem.remove(temporary)
      throw error
    }
  }

  /// Sets a deleted account's file aside as `<KEY>.jwt.deleted`, in whichever layout it lies. What a write that was cut short left behind goes.
  public func retire(_ account: AccountKey) throws(FileError) {
    for layout in Layout.allCases {
      let temporary = "\(folder(of: account.text, layout))/.\(account.text)\(Self.temporaryEnding)"
      if try fileSystem.status(of: temporary) != nil { try fileSystem.remove(temporary) }
      let file = "\(folder(of: account.text, layout))/\(account.text)\(Self.ending)"
      if try fileSystem.status(of: file) != nil { try fileSystem.rename(file, to: file + ".deleted") }
    }
  }

  /// Makes all that was written durable.
  public func syncAll() throws(FileError) {
    try fileSystem.syncAll(under: path)
  }

  /// One byte more than a token and a line feed may have, so that what is too long is seen.
  private static let readLimit = Token.maximumSize + 2
  /// The most bytes of a file that are copied when it is set aside on another file system.
  private static let largestCopy = 16 << 20
  private static let ending = ".jwt"
  private static let temporaryEnding = ".tmp"

  private func folder(of key: String, _ layout: Layout) -> String {
    layout == .flat ? path : "\(path)/\(key.suffix(2))"
  }
}
