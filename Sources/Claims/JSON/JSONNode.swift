/// One value of a JSON text, as the scanner saw it: where it lies in the bytes and where the next value begins.
///
/// The nodes of a text lie in one array in the order of the text. The member names of an object are nodes too, each in front of its
/// value.
struct JSONNode: Sendable {
  enum Kind: UInt8, Sendable {
    case object
    case array
    case string
    case number
    case `true`
    case `false`
    case null
  }

  struct Traits: OptionSet, Sendable {
    let rawValue: UInt8
    /// A string with at least one backslash.
    static let escaped = Traits(rawValue: 1)
    /// A string with at least one byte above 0x7F.
    static let beyondASCII = Traits(rawValue: 2)
    /// A number with a fraction or an exponent.
    static let fractional = Traits(rawValue: 4)
  }

  let kind: Kind
  var traits: Traits
  /// The first byte; of a string, the byte behind the opening quote.
  let start: UInt32
  /// The byte behind the last one; of a string, the closing quote.
  var end: UInt32
  /// The index of the node behind this one and all that it contains.
  var next: UInt32
}
