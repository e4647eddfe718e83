import Nkeys

/// Reads the entries of a pack one after the other, so that those in front of a bad line count.
///
/// The rules are the reference's: empty lines are skipped, a carriage return belongs to the token, and a line has exactly one `|` with an
/// account's key in front of it, which is read leniently (see `LenientKey`).
public struct PackReader: Sendable {
  private let bytes: [UInt8]
  private var position = 0

  /// A reader at the beginning of a pack's text.
  public init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// The next entry; nil at the end.
  ///
  /// Throws `pack` for a line that is not `key|token`, and `key` when the key is no account's. The reader then stands behind the line.
  public mutating func next() throws(ClaimsError) -> PackEntry? {
    while position < bytes.count {
      let end = bytes[position...].firstIndex(of: PackText.lineFeed) ?? bytes.count
      let line = bytes[position..<end]
      position = end + 1
      if !line.isEmpty { return try Self.entry(line) }
    }
    return nil
  }

  private static func entry(_ line: ArraySlice<UInt8>) throws(ClaimsError) -> PackEntry {
    guard let separator = line.firstIndex(of: PackText.separator), !line[(separator + 1)...].contains(PackText.separator) else {
      throw ClaimsError(.pack, "line in package didn't contain 2 entries: \(GoText.quoted(line))")
    }
    let key = KeyReference(String(decoding: line[..<separator], as: UTF8.self))
    guard key.isKey(of: .account) else { throw ClaimsError(.key, "key to merge is not a valid public account key") }
    return PackEntry(key: key, token: Token(Array(line[(separator + 1)...])))
  }
}
