import Claims
import ClaimsRegistry
import ClaimsStore
import Crypto
import Nkeys

/// The hash of everything that servers of ours share: one of the whole, and one of each of 256 parts by the first byte of the accounts' keys, so
/// that only parts that differ are exchanged.
struct StateHash: Sendable, Equatable {
  static let parts = 256

  /// The parts, 32 bytes each, one behind the other.
  private(set) var bytes = [UInt8](repeating: 0, count: parts * TokenDigest.count)

  init() {}

  /// Takes over the parts of a peer; nil when they are none.
  init?(_ bytes: [UInt8]) {
    guard bytes.count == Self.parts * TokenDigest.count else { return nil }
    self.bytes = bytes
  }

  /// The hash of a store at `now`, in seconds since 1970.
  init(_ index: AccountIndex, now: Int64) {
    for part in 0..<AccountIndex.parts {
      // Lookups wait for whoever goes through a part: what takes long comes afterwards.
      var shared: [(key: RawKey, version: TokenVersion)] = []
      index.forEach(inPart: part) { key, entry in
        if entry.isShared(at: now) { shared.append((key, entry.version)) }
      }
      for (key, version) in shared { add(key, version) }
    }
  }

  /// Adds an account. Its place within the second does not count: servers that serve the same need not agree on how often it changed in between.
  mutating func add(_ key: RawKey, _ version: TokenVersion) {
    var hash = SHA256()
    let first = key.withUnsafeBytes { bytes in
      hash.update(bufferPointer: bytes)
      return Int(bytes[0])
    }
    withUnsafeBytes(of: version.iat.bigEndian) { hash.update(bufferPointer: $0) }
    hash.update(data: version.digest.bytes)
    hash.update(data: [version.isDeleted ? 1 : 0])
    for (place, byte) in hash.finalize().enumerated() { bytes[first * TokenDigest.count + place] ^= byte }
  }

  /// The hash of the whole.
  var whole: [UInt8] { Array(SHA256.hash(data: bytes)) }

  /// The parts that differ from another's.
  func differing(from other: StateHash) -> [Int] {
    (0..<Self.parts).filter { part in
      let place = part * TokenDigest.count..<(part + 1) * TokenDigest.count
      return bytes[place] != other.bytes[place]
    }
  }
}
