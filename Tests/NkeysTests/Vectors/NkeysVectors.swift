import Nkeys
import TestSupport

/// The vectors of this module.
enum NkeysVectors {
  /// The lists that the vector tests of this target run.
  static let lists: Set<String> = ["keys", "inputs", "encode", "verify", "seal", "open", "decorated"]

  static let file = Result { try Vectors.load("nkeys.json") }

  /// This repository's own set, whatever set is run.
  static let fixture = Vectors.folder == Vectors.fixtures ? file : Result { try Vectors.load("nkeys.json", from: Vectors.fixtures) }

  /// The cases of a list. A file that cannot be read gives none, which `VectorSetTests` reports.
  static func cases(_ list: String, of file: Result<VectorFile, any Error> = file) -> [VectorCase] {
    switch file {
    case .success(let file): file.cases(list)
    case .failure: []
    }
  }
}

extension Role {
  /// The name of a role in the vectors, which call curve keys by their curve.
  var vectorName: String { self == .curve ? "x25519" : rawValue }

  init?(vectorName: String) {
    guard let role = Role.allCases.first(where: { $0.vectorName == vectorName }) else { return nil }
    self = role
  }
}

extension LenientKey.Prefix {
  var vectorName: String {
    switch self {
    case .role(let role): role.vectorName
    case .seed: "seed"
    case .privateKey: "private"
    case .unknown: "unknown"
    }
  }

  init(vectorName: String) {
    switch vectorName {
    case "seed": self = .seed
    case "private": self = .privateKey
    default: self = Role(vectorName: vectorName).map(Self.role) ?? .unknown
    }
  }
}
