public import Claims

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
    var other: Layout { self == .flat ? .sharded : .flat }
  }

  /// A `.jwt` file as it was found.
  public struct File: Sendable, Hashable {
    /// The name without `.jwt`: the account's key, if the file is rightly named.
    public let name: String
    /// Its path.
    public let path: String
    /// The layout in which it lies.
    public let layout: Layout

    /// Its path below the directory.
    public var relativePath: String {
      path.split(separator: "/").suffix(layout == .flat ? 1 : 2).joined(separator: "/")
    }
  }

  /// The folder.
  public let path: String
  /// How files are written.
  public let layout: Layout
  private let fileSystem: any FileSystem

  /// Names a directory; nothing is touched.
  public init(path: String, layout: Layout, fileSystem: any FileSystem = SystemFileSystem()) {
    self.path = path
    self.layout = layout
    self.fileSystem = fileSystem
  }

  /// Every `.jwt` file of both layouts, sorted by path.
  public func files() throws(FileError) -> [File] {
    var files: [File] = []
    for name in try fileSystem.names(in: path).sorted() where !name.hasPrefix(".") {
      let item = "\(path)/\(name)"
      if name.hasSuffix(Self.ending) {
        files.append(File(name: String(name.dropLast(Self.ending.count)), path: item, layout: .flat))
      } else if name.utf8.count == 2, try fileSystem.status(of: item)?.kind == .folder {
        for inner in try fileSystem.names(in: item).sorted() where inner.hasSuffix(Self.ending) && !inner.hasPrefix(".") {
          files.append(File(name: String(inner.dropLast(Self.ending.count)), path: "\(item)/\(inner)", layout: .sharded))
        }
      }
    }
    return files
  }

  /// The bytes of a file, at most one more than a token may have.
  public func read(_ file: File) throws(FileError) -> [UInt8] {
    try fileSystem.read(file.path, limit: Token.maximumSize + 2)
  }

  /// When a file was modified, in milliseconds since 1970.
  public func modified(_ file: File) throws(FileError) -> Int64? {
    try fileSystem.status(of: file.path)?.modified
  }

  /// Puts a token into its file: a temporary file first, then a rename, so that a reader sees the old or the new one.
  ///
  /// A copy in the other layout is removed, since a reader of both could take it for the newer one.
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
    try fileSystem.remove("\(self.folder(of: key, layout.other))/\(key)\(Self.ending)")
  }

  /// Sets a deleted account's file aside as `<KEY>.jwt.deleted`, in whichever layout it lies.
  public func retire(_ account: AccountKey) throws(FileError) {
    for layout in Layout.allCases {
      let file = "\(folder(of: account.text, layout))/\(account.text)\(Self.ending)"
      if try fileSystem.status(of: file) != nil { try fileSystem.rename(file, to: file + ".deleted") }
    }
  }

  /// Makes the entries of these accounts' files durable.
  public func sync(_ accounts: some Sequence<AccountKey>) throws(FileError) {
    for folder in Set(accounts.map { folder(of: $0.text, layout) }).union([path]) { try fileSystem.sync(folder: folder) }
  }

  private static let ending = ".jwt"
  private static let temporaryEnding = ".tmp"

  private func folder(of key: String, _ layout: Layout) -> String {
    layout == .flat ? path : "\(path)/\(key.suffix(2))"
  }
}
