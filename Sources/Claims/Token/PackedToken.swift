/// A token in three quarters of its bytes, for keeping many in memory: payload and signature without their base64, and one of the usual headers
/// by its number. A token that is written in any other way stays as it is, so that ``token`` always gives back the same bytes.
public struct PackedToken: Sendable, Hashable {
  /// How the token lies in the bytes, which begin with this number: as it is, or with the header before this one in ``headers``.
  private static let asItIs: UInt8 = 0

  /// The headers that tools write, each with its dot.
  private static let headers = ([Base64URL.encode(TokenHeader.current)] + TokenHeader.unsigned).map { $0 + [dot] }
  private static let dot = UInt8(ascii: ".")
  private static let signatureCount = 64
  private static let signatureText = 86

  private let bytes: [UInt8]

  /// Packs a token.
  public init(_ token: Token) {
    bytes = Self.packed(token) ?? [Self.asItIs] + token.bytes
  }

  /// How many bytes this takes.
  public var size: Int { bytes.count }

  /// The token, byte for byte.
  public var token: Token {
    guard let form = bytes.first, form != Self.asItIs else { return Token(Array(bytes.dropFirst())) }
    let header = Self.headers[Int(form) - 1]
    let payload = 1..<bytes.count - Self.signatureCount
    let payloadText = Base64URL.encodedCount(payload.count)
    let count = header.count + payloadText + 1 + Self.signatureText
    return Token(
      [UInt8](unsafeUninitializedCapacity: count) { text, written in
        bytes.withUnsafeBufferPointer { bytes in
          _ = text.update(fromContentsOf: header)
          Base64URL.encode(bytes[payload], into: text[header.count..<header.count + payloadText])
          text[header.count + payloadText] = Self.dot
          Base64URL.encode(bytes[payload.upperBound...], into: text[(count - Self.signatureText)...])
        }
        written = count
      })
  }

  /// Payload and signature behind the header's number; nil unless they are the one way to write these bytes.
  private static func packed(_ token: Token) -> [UInt8]? {
    guard let form = headers.firstIndex(where: { token.bytes.starts(with: $0) }) else { return nil }
    let (start, end) = (headers[form].count, token.bytes.count - signatureText - 1)
    guard start < end, token.bytes[end] == dot else { return nil }
    let payload = start..<end
    return token.bytes.withUnsafeBufferPointer { text in
      guard let payload = exact(text[payload]), let signature = exact(text.suffix(signatureText)) else { return nil }
      var bytes: [UInt8] = []
      bytes.reserveCapacity(1 + payload.count + signature.count)
      bytes.append(UInt8(form + 1))
      bytes += payload
      bytes += signature
      return bytes
    }
  }

  /// The bytes of a text that is exactly their base64.
  private static func exact(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> [UInt8]? {
    guard let decoded = try? Base64URL.decode(UnsafeBufferPointer(rebasing: text)), decoded.quirks.isEmpty else { return nil }
    return decoded.bytes
  }
}
