public import Foundation

/// The conformance vectors: cases computed with the reference libraries.
///
/// The environment variable `NATS_CLAIMS_VECTORS` names the folder of another set in the same format; without it the
/// fixtures of this repository are read.
public enum Vectors {
  /// The folder that holds the files.
  public static let folder: URL = {
    if let named = ProcessInfo.processInfo.environment["NATS_CLAIMS_VECTORS"], !named.isEmpty {
      return URL(filePath: named, directoryHint: .isDirectory)
    }
    return fixtures
  }()

  /// The folder of this repository's own set, which the proofs about the checks take their cases from: a set that is wrong proves nothing.
  public static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/vectors")

  /// Reads one file of a folder, such as `nkeys.json`. Throws when it cannot be read or has another format.
  public static func load(_ file: String, from folder: URL = folder) throws -> VectorFile {
    try VectorFile(name: file, data: Data(contentsOf: folder.appending(path: file)))
  }
}
