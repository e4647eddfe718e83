public import Nkeys

/// Up to when each key's claims are revoked. The key `*` stands for all keys. Times are seconds since 1970.
public struct Revocations: Hashable, Sendable {
  /// The key that stands for all keys.
  public static let allKeys: KeyReference = "*"

  /// The times by the texts of the keys.
  public var times: ClaimsMap<Int64>

  /// No revocations, or those given.
  public init(_ times: ClaimsMap<Int64> = [:]) {
    self.times = times
  }

  /// Whether claims of a key that were issued at a time are revoked; the very second counts as revoked.
  public func isRevoked(_ key: KeyReference, issuedAt: Int64) -> Bool {
    if let time = times[Self.allKeys.text], time >= issuedAt { return true }
    return times[key.text].map { $0 >= issuedAt } ?? false
  }

  /// Revokes what a key was issued up to a time; an older revocation never replaces a newer one.
  public mutating func revoke(_ key: KeyReference, at time: Int64) {
    if let known = times[key.text], known > time { return }
    times[key.text] = time
  }

  /// Removes a key's revocation.
  public mutating func clear(_ key: KeyReference) {
    times[key.text] = nil
  }

  /// Removes the entries that the one for all keys covers, and returns them.
  @discardableResult
  public mutating func compact() -> [(key: KeyReference, time: Int64)] {
    guard let all = times[Self.allKeys.text] else { return [] }
    let covered = times.filter { $0.key != Self.allKeys.text && $0.value <= all }
    times = ClaimsMap(times.filter { $0.key == Self.allKeys.text || $0.value > all }.map { ($0.key, $0.value) })
    return covered.map { (KeyReference($0.key), $0.value) }
  }
}

extension Revocations: JSONMember {
  init() { times = ClaimsMap() }

  var isEmptyMember: Bool { times.isEmpty }

  mutating func read(_ json: JSONCursor) throws(ClaimsError) { try times.read(json) }

  func write(to json: inout JSONWriter) { times.write(to: &json) }
}
