import Claims
import ClaimsRegistry
import ClaimsStore

/// The hash by which resolvers tell whether they hold the same: the SHA-256 of every token, all XORed.
///
/// It covers what a full resolver keeps: expired tokens, which it removes and we keep, would make it differ for ever. (nats-server's `dirstore`.)
struct StoreHash: Sendable, Equatable {
  /// The 32 bytes that a PACK request carries.
  private(set) var bytes = [UInt8](repeating: 0, count: TokenDigest.count)

  /// The hash of nothing.
  init() {}

  /// The hash of a store at `now`, in seconds since 1970.
  init(_ index: AccountIndex, now: Int64) {
    for part in 0..<AccountIndex.parts {
      // Lookups wait for whoever goes through a part: what takes long comes afterwards.
      var digests: [TokenDigest] = []
      index.forEach(inPart: part) { _, entry in
        if entry.isPacked(at: now) { digests.append(entry.digest) }
      }
      for digest in digests { add(digest) }
    }
  }

  mutating func add(_ digest: TokenDigest) {
    for (place, byte) in digest.bytes.enumerated() { bytes[place] ^= byte }
  }
}

extension AccountEntry {
  /// Whether packs and lists have the account.
  func isPacked(at now: Int64) -> Bool { !isDeleted && !isExpired(at: now) }
}
