import Nkeys
import TestSupport
import Testing

/// The bytes as hexadecimal text.
func hex(_ bytes: [UInt8]) -> String {
  bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
}

/// The bytes of hexadecimal text.
func bytes(_ hex: String) -> [UInt8]? {
  VectorValue.string(hex).hexBytes
}

/// The key of 64 hexadecimal digits.
func rawKey(_ hex: String) throws -> RawKey {
  let raw = try #require(bytes(hex))
  return try #require(RawKey(raw))
}

extension SecretText {
  /// The text, for comparison in tests.
  var revealed: String {
    withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
  }
}
