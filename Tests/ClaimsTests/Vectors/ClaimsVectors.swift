import Foundation
import Nkeys
import TestSupport
import Testing

@testable import Claims

/// The vector files about claims, read with the reader under test: it alone keeps `-0`, half surrogate pairs and the order of members.
enum ClaimsVectors {
  static let decode = ClaimsVectorFile("jwt-decode.json")
  static let encode = ClaimsVectorFile("jwt-encode.json")
  static let validate = ClaimsVectorFile("jwt-validate.json")
  static let pack = ClaimsVectorFile("pack.json")
}

/// One file: its lists of cases, or why it could not be read.
struct ClaimsVectorFile: Sendable {
  let name: String
  let lists: [(name: String, cases: [ClaimsVectorCase])]
  let failure: String?

  init(_ name: String, in folder: URL = Vectors.folder) {
    self.name = name
    do {
      let data = try Data(contentsOf: folder.appending(path: name))
      let root = try JSONReader().read(Array(data))
      lists = (root.members ?? []).compactMap { member in
        member.value.elements.map { (member.name, $0.map(ClaimsVectorCase.init)) }
      }
      failure = root["format"]?.integer == 1 ? nil : "\(name): format 1 is expected"
    } catch {
      lists = []
      failure = "\(name): \(error)"
    }
  }

  /// The cases of a list.
  func cases(_ list: String) -> [ClaimsVectorCase] {
    lists.first { $0.name == list }?.cases ?? []
  }

  /// What is wrong with the file as a set to be run with these lists.
  func problems(running names: Set<String>) -> [String] {
    var problems = failure.map { [$0] } ?? []
    for name in Set(lists.map(\.name)).union(names).sorted() {
      let cases = cases(name)
      if !names.contains(name) { problems.append("\(self.name): no test runs the list \(name)") }
      if cases.isEmpty { problems.append("\(self.name): the list \(name) is missing or empty") }
      if Set(cases.map(\.id)).count != cases.count { problems.append("\(self.name): an id of \(name) occurs twice") }
    }
    return problems
  }
}

/// One case, which prints as its id and note.
struct ClaimsVectorCase: Sendable, CustomStringConvertible, CustomTestStringConvertible {
  let value: JSONValue

  var id: String { self.text("id") }

  var description: String { "\(id) (\(self.text("note")))" }

  var testDescription: String { description }

  /// What is expected.
  var expected: ClaimsVectorCase { ClaimsVectorCase(value: value["expect"] ?? .null) }

  /// The members below a name; none when it is missing.
  func part(_ name: String) -> ClaimsVectorCase? {
    value[name].flatMap { $0.isNull ? nil : ClaimsVectorCase(value: $0) }
  }

  func text(_ name: String) -> String { value[name]?.text ?? "" }

  func key(_ name: String) -> KeyReference { KeyReference(text(name)) }

  func bool(_ name: String) -> Bool { value[name]?.bool ?? false }

  func integer(_ name: String) -> Int64 { value[name]?.integer ?? 0 }

  func texts(_ name: String) -> [String] { (value[name]?.elements ?? []).compactMap(\.text) }

  /// The times by key of a revocation list.
  func times(_ name: String) -> ClaimsMap<Int64> {
    ClaimsMap((value[name]?.members ?? []).map { ($0.name, $0.value.integer ?? 0) })
  }

  /// The token, given as it is or to be built from a repeated unit.
  func token(_ name: String = "token") -> Token {
    guard let build = part("token_build") else { return Token(text(name)) }
    let unit = Array(build.text("unit").utf8)
    var bytes = Array(build.text("prefix").utf8)
    for _ in 0..<build.integer("times") { bytes.append(contentsOf: unit) }
    return Token(bytes + Array(build.text("suffix").utf8))
  }
}
