import Nkeys

/// A key text as the reference reads it, worked out bit by bit and apart from the module under test, for the rules' predicates.
struct ReferenceReading {
  /// The prefix and the payload.
  let bytes: [UInt8]
  private let text: [UInt8]

  /// Nil when the reference cannot read the text.
  init?(_ text: [UInt8]) {
    var bits: [Bool] = []
    let characters = text.filter { $0 != 0x0A && $0 != 0x0D }
    for character in characters {
      guard let value = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8).firstIndex(of: character) else { return nil }
      for bit in (0..<5).reversed() { bits.append(value >> bit & 1 == 1) }
    }
    if [1, 3, 6].contains(characters.count % 8) { bits.removeLast(characters.count % 8 * 5) }
    let all = (0..<(bits.count / 8)).map { index in bits[(index * 8)..<(index * 8 + 8)].reduce(UInt8(0)) { $0 << 1 | ($1 ? 1 : 0) } }
    guard all.count >= 4, Self.checksum(all.dropLast(2)) == UInt16(all[all.count - 1]) << 8 | UInt16(all[all.count - 2]) else { return nil }
    self.text = text
    bytes = all.dropLast(2)
    hasTrailingBits = bits[(bits.count / 8 * 8)...].contains(true)
  }

  /// Takes bytes as they would be read from their canonical text.
  init(prefix: UInt8, payload: [UInt8]) {
    bytes = [prefix] + payload
    text = []
    hasTrailingBits = false
  }

  private let hasTrailingBits: Bool

  /// The role by all bits of the prefix byte, also one that is younger than the reference set.
  var role: Role? { Role(prefixByte: bytes[0]) }

  /// The role that a seed's prefix names, also a younger one.
  var roleOfSeed: Role? { bytes[0] >> 3 == 18 ? Role(prefixByte: bytes[0] << 5 | bytes[1] >> 3) : nil }

  /// The one text of the public key; nil for bytes that are none.
  var canonicalText: String? {
    guard let role, let raw = RawKey(bytes[1...]) else { return nil }
    return try? PublicKey(role: role, raw: raw).text
  }

  /// What keeps the text from being the one text of a key with this many bytes in front of its 32.
  func violation(behindPrefixOf count: Int) -> StrictnessRule? {
    if bytes.count != count + 32 { return .payloadLength }
    if text.contains(0x0A) || text.contains(0x0D) { return .lineBreak }
    if [1, 3, 6].contains(text.count % 8) { return .surplusCharacters }
    return hasTrailingBits ? .trailingBits : nil
  }

  /// The rule against the 32 bytes as an Ed25519 public key.
  var weakness: StrictnessRule? {
    guard bytes.count == 33, role != .curve else { return nil }
    var y = Array(bytes[1...])
    y[31] &= 0x7F
    if Self.smallOrder.contains(hex(y)) { return .smallOrder }
    return y[31] == 0x7F && y[1..<31].allSatisfy { $0 == 0xFF } && y[0] >= 0xED ? .nonCanonicalPoint : nil
  }

  /// True for 32 bytes that are, as an X25519 key, one of the points with which every secret is zero.
  var isSmallOrderOnCurve25519: Bool {
    guard bytes.count == 33 else { return false }
    var u = Array(bytes[1...])
    u[31] &= 0x7F
    return Self.smallOrderOnCurve25519.contains(hex(u))
  }

  /// The u coordinates of order 1, 2, 4 and 8, also those that are not reduced (RFC 7748 reads them modulo p).
  private static let smallOrderOnCurve25519: Set<String> = [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  ]

  /// The reduced coordinates of the points of order 1, 2, 4 and 8.
  private static let smallOrder: Set<String> = [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  ]

  private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt16 {
    bytes.reduce(0) { sum, byte in
      (0..<8).reduce(sum ^ UInt16(byte) << 8) { sum, _ in sum & 0x8000 == 0 ? sum << 1 : sum << 1 ^ 0x1021 }
    }
  }
}
