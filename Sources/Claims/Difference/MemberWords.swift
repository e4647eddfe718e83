/// How people call a member of claims, and how they read its value.
///
/// The words form a tree like the claims themselves. A member without words is called by its name, and shown as JSON.
struct MemberWords: Sendable {
  /// The name for people; empty for an object whose members need no name in front of theirs.
  let label: String
  let style: ValueStyle
  /// The words of the members, by their names in a token.
  private(set) var members: [String: MemberWords] = [:]
  /// The words of every entry of a map or item of a list, whose label names the kind of the entry. An array, because a value cannot hold
  /// itself.
  private var entries: [MemberWords] = []
  /// Whether these are the words of entries.
  private(set) var isEntry = false

  /// A value without parts.
  init(_ label: String, _ style: ValueStyle = .text) {
    self.label = label
    self.style = style
  }

  /// An object.
  init(_ label: String, members: [String: MemberWords]) {
    self.init(label, .object)
    self.members = members
  }

  /// A map or a list. Its own label is left out where an entry has one.
  init(_ label: String, entries: MemberWords) {
    self.init(label, .object)
    self.entries = [entries]
    self.entries[0].isEntry = true
  }

  /// Whether this is a map or a list, which comes with its first entry and goes with its last.
  var isCollection: Bool { !entries.isEmpty }

  /// The words of what a step leads to.
  func below(_ step: ClaimsChange.Step) -> MemberWords {
    if let entry = entries.first { return entry }
    switch step {
    case .member(let name): return members[name] ?? MemberWords(name, .plain)
    case .item: return Self.unknownItem
    }
  }

  private static let unknownItem: MemberWords = {
    var words = MemberWords("item", .plain)
    words.isEntry = true
    return words
  }()
}
