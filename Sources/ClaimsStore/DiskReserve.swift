/// Room that is kept on the disk for a start on a full one: to open the log SQLite writes files beside it, and nobody could look an account up
/// as long as it cannot.
struct DiskReserve: Sendable {
  /// In bytes; opening the log takes less than half of it.
  static let size = 256 << 10

  let path: String
  let fileSystem: any FileSystem

  /// Takes the room, if it is not taken yet. Throws when the disk has none.
  func keep() throws(FileError) {
    if let status = try fileSystem.status(of: path), status.size >= Int64(Self.size) { return }
    do {
      try fileSystem.remove(path)
      try fileSystem.create(path, [UInt8](repeating: 0, count: Self.size), modified: 0)
    } catch {
      // What was written of it would only make the disk fuller.
      try fileSystem.remove(path)
      throw error
    }
  }

  /// Gives the room back to whoever needs it.
  ///
  /// - Returns: whether there was any.
  func giveUp() throws(FileError) -> Bool {
    guard try fileSystem.status(of: path) != nil else { return false }
    try fileSystem.remove(path)
    return true
  }
}
