import Glibc

/// Where the three chunks of a token lie in its bytes.
struct TokenChunks {
  let header: Range<Int>
  let payload: Range<Int>
  let signature: Range<Int>

  /// What the signature of version 2 covers: header, dot and payload.
  var signedV2: Range<Int> { header.lowerBound..<payload.upperBound }

  /// Finds the dots. Throws `chunks` unless there are exactly two.
  init(_ token: Token) throws(ClaimsError) {
    guard let first = Self.dot(in: token.bytes, from: 0), let second = Self.dot(in: token.bytes, from: first + 1),
      Self.dot(in: token.bytes, from: second + 1) == nil
    else { throw ClaimsError(.chunks, "expected 3 chunks") }
    header = 0..<first
    payload = first + 1..<second
    signature = second + 1..<token.bytes.count
  }

  private static func dot(in bytes: [UInt8], from start: Int) -> Int? {
    bytes.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress, start < bytes.count,
        let dot = memchr(base + start, Int32(UInt8(ascii: ".")), bytes.count - start)
      else { return nil }
      return UnsafeRawPointer(dot) - base
    }
  }

  /// The decoded bytes of one chunk. Throws `base64`.
  static func decode(
    _ chunk: Range<Int>, of token: Token, named name: String, _ strictness: inout [StrictnessViolation]
  ) throws(ClaimsError) -> [UInt8] {
    let (bytes, quirks) = try token.bytes.withUnsafeBufferPointer { (buffer) throws(ClaimsError) in
      try Base64URL.decode(UnsafeBufferPointer(rebasing: buffer[chunk]))
    }
    if quirks.contains(.lineBreaks) { strictness.append(StrictnessViolation(.lineBreaks, "in the \(name)")) }
    if quirks.contains(.looseBits) { strictness.append(StrictnessViolation(.looseBase64, "at the end of the \(name)")) }
    return bytes
  }
}
