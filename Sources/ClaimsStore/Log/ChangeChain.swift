import Claims
import Crypto
import Nkeys

/// The hash chain that makes every later alteration of the log visible.
///
/// A link is SHA-256 over the previous link and the record's fields, each with its length in front, so that no two different records give
/// the same input. The token enters by its digest, which keeps the chain verifiable after old tokens' bytes are given up.
public enum ChangeChain {
  /// The link before the first record: 32 zero bytes.
  public static let origin = [UInt8](repeating: 0, count: 32)

  /// The link of a record that follows `previous`.
  public static func link(after previous: [UInt8], sequence: Int64, change: Change) -> [UInt8] {
    var hasher = SHA256()
    hasher.update(data: previous)
    hasher.update(sequence)
    hasher.update(change.time)
    hasher.update(Int64(change.kind.rawValue))
    change.subject.raw.withUnsafeBytes { hasher.update(bufferPointer: $0) }
    change.digest.withUnsafeBytes { hasher.update(bufferPointer: $0) }
    hasher.update(change.iat)
    hasher.update(change.generation)
    hasher.update(change.expires)
    hasher.update(field: change.jti)
    hasher.update(field: change.issuer)
    hasher.update(field: change.actor)
    // Records from before accounts had owners have no such field.
    if !change.owner.isEmpty { hasher.update(field: change.owner) }
    return Array(hasher.finalize())
  }
}

extension SHA256 {
  fileprivate mutating func update(_ number: Int64) {
    withUnsafeBytes(of: number.bigEndian) { update(bufferPointer: $0) }
  }

  fileprivate mutating func update(field text: String) {
    var text = text
    text.withUTF8 { bytes in
      update(Int64(bytes.count))
      update(bufferPointer: UnsafeRawBufferPointer(bytes))
    }
  }
}
