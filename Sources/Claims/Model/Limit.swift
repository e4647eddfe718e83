/// A bound on something that is counted; -1 stands for no bound.
///
/// Any number can be read: the reference gives no meaning to those below -1, but keeps them.
public struct Limit: Hashable, Sendable, ExpressibleByIntegerLiteral, CustomStringConvertible {
  /// The number as it is written.
  public var value: Int64

  /// No bound.
  public static let unlimited = Limit(-1)

  /// Nothing allowed, or for JetStream: disabled.
  public static let zero = Limit(0)

  /// A bound of this many, or -1.
  public init(_ value: Int64) {
    self.value = value
  }

  /// A bound by a literal.
  public init(integerLiteral value: Int64) {
    self.value = value
  }

  /// Whether this is no bound.
  public var isUnlimited: Bool { value == -1 }

  /// Whether a count stays within the bound; numbers below -1 allow nothing.
  public func allows(_ count: Int64) -> Bool {
    isUnlimited || count <= value
  }

  /// The number, or "unlimited".
  public var description: String { isUnlimited ? "unlimited" : String(value) }
}

extension Limit: JSONMember {
  init() { value = 0 }

  var isEmptyMember: Bool { value == 0 }

  /// A scope's limit that is not written reads as no limit.
  var isAbsentMember: Bool { false }

  mutating func read(_ json: JSONCursor) throws(ClaimsError) { try value.read(json) }

  func write(to json: inout JSONWriter) { json.integer(value) }
}
