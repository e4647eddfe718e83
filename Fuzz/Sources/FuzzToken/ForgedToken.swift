import Claims
import FuzzSupport
import Nkeys

/// A token over any payload, signed by a key that the payload names as its issuer: of two members of a name, the last one counts.
struct ForgedToken {
  private static let signers = [Role.operator, .account, .server].map { FixedKeys.pair($0) }
  private static let header = base64(Array(#"{"typ":"JWT","alg":"ed25519-nkey"}"#.utf8))
  private static let headerV1 = base64(Array(#"{"typ":"jwt","alg":"ed25519"}"#.utf8))
  private static let dot = UInt8(ascii: ".")

  private let token: Token

  /// Nil when the bytes are no object that a member could be added to. The first byte says who signs, and in which version.
  init?(payload bytes: [UInt8]) {
    guard let choice = bytes.first, bytes.count > 2, bytes[1] == UInt8(ascii: "{"), bytes.last == UInt8(ascii: "}") else { return nil }
    let signer = Self.signers[Int(choice) % Self.signers.count]
    let separator = bytes.count == 3 ? "" : ","
    let payload = Self.base64(Array(bytes[1...].dropLast()) + Array("\(separator)\"iss\":\"\(signer)\"}".utf8))
    let isOld = choice & 0x80 != 0
    let head = (isOld ? Self.headerV1 : Self.header) + [Self.dot] + payload
    let signature = mustSucceed("nothing is signed") { try signer.sign(isOld ? payload : head) }
    token = Token(head + [Self.dot] + Self.base64(signature))
  }

  func check() {
    TokenChecks.check(token)
    guard let verified = try? VerifiedClaims.decode(token) else { return }
    let claims = verified.claims
    checkChangedSignature()
    // The generic decoder also reads tags and type outside the nats object, and refuses other values in their place.
    guard claims.type != .generic || (try? VerifiedClaims.decodeGeneric(token)) != nil else { return }
    // What cannot be written is not signed again, and signing asks more of a subject than decoding does.
    guard let role = claims.common.iss.publicKey?.role, let again = try? claims.signed(by: FixedKeys.pair(role), at: 1) else { return }
    let twice = try? claims.signed(by: FixedKeys.pair(role), at: 1)
    invariant(twice == again, "the same claims are written in two ways")
    let read = try? Self.decode(again, claims.type).claims
    guard let read else { return invariant(isUnreadable(again), "what was signed does not verify: \(again.text)") }
    // One round first: a scope's limit of zero is not written and reads as no limit, in the reference too.
    let stable = try? read.signed(by: FixedKeys.pair(role), at: 1)
    let next = stable.flatMap { try? Self.decode($0, claims.type).claims }
    invariant(next == read, "what was signed reads as other claims")
  }

  /// Generic claims without a version are verified as version 1 by the common decoder, but signed as version 2.
  private static func decode(_ token: Token, _ type: ClaimType) throws(ClaimsError) -> VerifiedClaims {
    type == .generic ? try VerifiedClaims.decodeGeneric(token) : try VerifiedClaims.decode(token)
  }

  private func checkChangedSignature() {
    var bytes = token.bytes
    let index = bytes.count - 20
    bytes[index] = bytes[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
    invariant((try? VerifiedClaims.decode(Token(bytes))) == nil, "a wrong signature is taken")
  }

  /// Signing makes a token larger than decoding takes, or deeper.
  private func isUnreadable(_ token: Token) -> Bool {
    guard token.bytes.count <= Token.maximumSize else { return true }
    do throws(ClaimsError) {
      _ = try DecodedToken.decode(token)
      return false
    } catch {
      return error.message.contains("deep")
    }
  }

  private static func base64(_ bytes: [UInt8]) -> [UInt8] {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
      for digit in 0...group.count { text.append(alphabet[Int(bits >> UInt32(18 - 6 * digit) & 63)]) }
    }
    return text
  }
}
