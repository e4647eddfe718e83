/// What an activation is found by: a hash over who grants what to whom, so that a renewed one takes the place of the one before.
///
/// The text is 52 characters of base32, which the reference pads with `=` to 56.
public struct ActivationHash: Hashable, Sendable, CustomStringConvertible {
  private static let length = 52
  private static let padding = "===="

  /// The 52 characters, without padding.
  public let text: String

  /// The hash of a text, padded or not; nil when it is none. There is one text only for a hash: capitals, and no bits left over.
  public init?(_ text: some StringProtocol) {
    let plain = text.hasSuffix(Self.padding) ? String(text.dropLast(Self.padding.count)) : String(text)
    guard plain.utf8.count == Self.length, plain.utf8.allSatisfy(Base32Text.isDigit) else { return nil }
    // 256 bits are 51 characters and one bit.
    guard plain.hasSuffix("A") || plain.hasSuffix("Q") else { return nil }
    self.text = plain
  }

  /// The hash of 32 bytes.
  init(_ bytes: [UInt8]) {
    text = Base32Text.encode(bytes)
  }

  /// The text as the reference writes it.
  public var padded: String { text + Self.padding }

  /// The text as the reference writes it.
  public var description: String { padded }
}
