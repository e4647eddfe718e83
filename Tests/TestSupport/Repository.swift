import Foundation

/// The files of this repository that are no code, which tests compare with it.
public enum Repository {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The text of a file, by its path in the repository.
  public static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  /// The cells of the rows below a heading of a document whose first cell is a name in backticks; those of the whole document without one.
  public static func rows(of path: String, below heading: String? = nil) throws -> [[String]] {
    var lines = try text(path).split(separator: "\n", omittingEmptySubsequences: false)[...]
    if let heading {
      guard let start = lines.firstIndex(of: heading[...]) else { throw SetupError("\(path) has no line \(heading)") }
      lines = lines[(start + 1)...].prefix { !$0.hasPrefix("#") }
    }
    return lines.filter { $0.hasPrefix("| `") }.map { line in
      line.dropFirst().dropLast().split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
  }
}
