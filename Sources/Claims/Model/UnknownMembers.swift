/// The members of an object that this version does not know.
///
/// They are kept so that editing claims and signing them again loses nothing that a newer tool wrote.
public struct UnknownMembers: Hashable, Sendable {
  private struct Member: Hashable {
    let name: String
    let json: [UInt8]
  }

  private var members: [Member] = []

  /// No members.
  public init() {}

  /// Whether there are none.
  public var isEmpty: Bool { members.isEmpty }

  /// The names in the order of the text.
  public var names: [String] { members.map(\.name) }

  /// The JSON of the last member with a name, as it was received.
  public func json(named name: String) -> String? {
    members.last { $0.name.hasSameBytes(as: name) }.map { String(decoding: $0.json, as: UTF8.self) }
  }

  mutating func keep(_ name: String, _ value: JSONCursor) {
    members.append(Member(name: name, json: Array(value.source)))
  }

  /// Writes each name once, with its last value.
  func write(to json: inout JSONWriter) {
    guard !members.isEmpty else { return }
    var last: [[UInt8]: Int] = [:]
    for (index, member) in members.enumerated() { last[Array(member.name.utf8)] = index }
    for (index, member) in members.enumerated() where last[Array(member.name.utf8)] == index {
      json.name(member.name)
      json.raw(member.json)
    }
  }
}
