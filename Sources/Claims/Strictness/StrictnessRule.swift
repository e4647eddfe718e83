/// What this project refuses although the reference library takes it.
///
/// The decoder is as lenient as the reference and notes what it saw; doors refuse any violation, tokens that were adopted from another
/// tool keep theirs as a flag. The list is complete: nothing else is refused on top of the reference.
public enum StrictnessRule: String, CaseIterable, Hashable, Sendable {
  /// The unused low bits of a chunk's last base64 character are not zero.
  case looseBase64 = "loose-base64"
  /// A chunk holds line breaks.
  case lineBreaks = "line-breaks"
  /// An object gives two of its members the same name.
  case duplicateMembers = "duplicate-members"
  /// A member was recognised only by ignoring its letter case.
  case memberCase = "member-case"
  /// A string holds invalid UTF-8 or half a surrogate pair.
  case damagedText = "damaged-text"
  /// The JSON nests deeper than any claims do.
  case deepNesting = "deep-nesting"
  /// The header's algorithm belongs to another version than the payload's.
  case algorithmVersion = "algorithm-version"
  /// The header of version 1, which no signature covers, is not one that tools wrote.
  case unsignedHeader = "unsigned-header"
  /// A key is written in another than its canonical text.
  case aliasedKey = "aliased-key"
  /// A key is a small-order or non-canonical Ed25519 point, or the point R of a signature is one of small order. No signature of such is
  /// taken.
  case weakKey = "weak-key"
  /// The subject is not a key of the role that this kind of claims is about.
  case subjectKey = "subject-key"
  /// The token is larger than the reference's own limit, which its generic decoder does not apply.
  case oversize = "oversize"

  /// Why the rule exists, in one sentence.
  public var reason: String {
    switch self {
    case .looseBase64: "several texts would stand for one token, so bytes and hashes would no longer identify it"
    case .lineBreaks: "line breaks inside a token break every format that keeps one token a line, and make aliases"
    case .duplicateMembers: "readers disagree on which of two members counts"
    case .memberCase: "readers that compare names exactly would not see the member"
    case .damagedText: "the text that was signed is not the text that is read"
    case .deepNesting: "nesting costs stack and time and has no use in claims"
    case .algorithmVersion: "the two signature forms cover different bytes, so each version has one algorithm name"
    case .unsignedHeader: "the signature of version 1 does not cover the header: one signed content would have many texts, each a new token"
    case .aliasedKey: "one key must have one text, or lists, file names and look-ups disagree"
    case .weakKey: "such keys verify signatures that nobody made"
    case .subjectKey: "claims about something that is no key of the right role cannot be stored, looked up or revoked"
    case .oversize: "servers refuse tokens of this size"
    }
  }
}

/// One rule that a token breaks, and where.
public struct StrictnessViolation: Hashable, Sendable, CustomStringConvertible {
  /// The rule.
  public let rule: StrictnessRule
  /// What was seen, for people.
  public let detail: String

  /// A violation of a rule.
  public init(_ rule: StrictnessRule, _ detail: String) {
    self.rule = rule
    self.detail = detail
  }

  /// The rule's name and the detail.
  public var description: String { "\(rule.rawValue): \(detail)" }
}
