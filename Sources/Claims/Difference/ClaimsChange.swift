/// One member of claims that differs between two claims of one subject.
public struct ClaimsChange: Hashable, Sendable {
  /// A step on the way from the claims to the member.
  public enum Step: Hashable, Sendable {
    /// The member of an object, by the name that it has in the JSON of a token.
    case member(String)
    /// An item of a list, by what tells it from the others, and by its number among those that have the same.
    case item(String, number: Int)
  }

  /// What happened to the member.
  public enum Kind: Hashable, Sendable {
    /// It was not there; `position` is its place among the members or items that are there now, from 0.
    case added(JSONValue, position: Int)
    /// It is no longer there.
    case removed(JSONValue)
    /// It has another value.
    case changed(old: JSONValue, new: JSONValue)
    /// The items that both lists hold stand in another order; the lists name all items of the old and of the new claims.
    case reordered(old: [Step], new: [Step])
  }

  /// The way to the member.
  public let path: [Step]

  /// What happened to it.
  public let kind: Kind

  /// A change of a member.
  public init(_ path: [Step], _ kind: Kind) {
    self.path = path
    self.kind = kind
  }
}

extension ClaimsChange.Step {
  /// Equality of the bytes of names and identities.
  public static func == (left: Self, right: Self) -> Bool {
    switch (left, right) {
    case (.member(let left), .member(let right)): left.hasSameBytes(as: right)
    case (.item(let left, let number), .item(let right, let other)): number == other && left.hasSameBytes(as: right)
    case (.member, .item), (.item, .member): false
    }
  }

  /// Hashes the bytes.
  public func hash(into hasher: inout Hasher) {
    var text: String
    switch self {
    case .member(let name): text = name
    case .item(let identity, let number):
      text = identity
      hasher.combine(number)
    }
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}
