import Foundation

/// One file of vectors: named lists of cases.
public struct VectorFile: Sendable {
  /// Why a file is refused as a whole.
  public struct FormatError: Error, CustomStringConvertible {
    /// The file's name and what is wrong with it.
    public let description: String
  }

  /// The file's name.
  public let name: String

  /// The cases by list name.
  public let lists: [String: [VectorCase]]

  init(name: String, data: Data) throws {
    let root = try JSONDecoder().decode(VectorValue.self, from: data)
    guard root["format"].integer == 1 else { throw FormatError(description: "\(name): format 1 is expected") }
    self.name = name
    lists = root.members.compactMapValues { value in
      guard case .list(let cases) = value else { return nil }
      return cases.map(VectorCase.init)
    }
  }

  /// The cases of a list; none when the file has no such list.
  public func cases(_ list: String) -> [VectorCase] {
    lists[list] ?? []
  }

  /// What is wrong with the file as a set to be run: lists nobody runs, lists that are missing or empty, cases without an
  /// id or with one that occurs twice. Empty when all is well.
  public func problems(running names: Set<String>) -> [String] {
    var problems: [String] = []
    for list in Set(lists.keys).union(names).sorted() {
      let cases = cases(list)
      if !names.contains(list) { problems.append("\(name): no test runs the list \(list)") }
      if cases.isEmpty { problems.append("\(name): the list \(list) is missing or empty") }
      if cases.contains(where: \.id.isEmpty) { problems.append("\(name): a case of \(list) has no id") }
      if Set(cases.map(\.id)).count != cases.count { problems.append("\(name): an id of \(list) occurs twice") }
    }
    return problems
  }
}

/// One case, which prints as its id and note.
public struct VectorCase: Sendable, CustomStringConvertible {
  /// The whole case.
  public let value: VectorValue

  /// Takes the members of a case.
  public init(_ value: VectorValue) {
    self.value = value
  }

  /// The case's name, unique in its list.
  public var id: String { value["id"].string }

  /// What is expected.
  public var expected: VectorValue { value["expect"] }

  /// The id, and the note where there is one.
  public var description: String {
    let note = value["note"].string
    return note.isEmpty ? id : "\(id) (\(note))"
  }

  /// A member of the case, `null` when it is missing.
  public subscript(member: String) -> VectorValue { value[member] }

  /// The bytes of a member in hexadecimal.
  ///
  /// - Throws: ``SetupError`` when it is none.
  public func bytes(_ member: String) throws -> [UInt8] {
    guard let bytes = value[member].hexBytes else { throw SetupError("\(member) is not hexadecimal") }
    return bytes
  }
}

extension VectorCase: ShapedValue {
  /// What the case is: an object.
  public var shape: JSONShape<VectorCase> { value.shape.map(VectorCase.init) }

  /// A case of a shape.
  public init(shape: JSONShape<VectorCase>) {
    self.init(VectorValue(shape: shape.map(\.value)))
  }
}
