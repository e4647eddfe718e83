import Nkeys

@testable import Claims

/// Makes tokens that no honest tool makes.
enum TokenForge {
  static let header = #"{"typ":"JWT","alg":"ed25519-nkey"}"#
  static let headerV1 = #"{"typ":"jwt","alg":"ed25519"}"#

  /// A token of any header and payload, signed over header and payload, or over the payload alone.
  static func token(_ payload: String, header: String = header, signedBy key: KeyPair, isV1: Bool = false) throws -> Token {
    try token(
      headerChunk: Base64URL.encode(Array(header.utf8)), payloadChunk: Base64URL.encode(Array(payload.utf8)), signedBy: key, isV1: isV1)
  }

  /// A token of chunks as they are given.
  static func token(headerChunk: [UInt8], payloadChunk: [UInt8], signedBy key: KeyPair, isV1: Bool = false) throws -> Token {
    let dot = UInt8(ascii: ".")
    let signed = isV1 ? payloadChunk : headerChunk + [dot] + payloadChunk
    return Token(headerChunk + [dot] + payloadChunk + [dot] + Base64URL.encode(try key.sign(signed)))
  }

  /// A user's payload with more members behind those that it needs.
  static func userPayload(issuer: KeyPair, subject: KeyPair, more: String = "", inNats: String = "") -> String {
    #"{"iss":"\#(issuer)","sub":"\#(subject)","nats":{"type":"user","version":2\#(inNats)}\#(more)}"#
  }
}
