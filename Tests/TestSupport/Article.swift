/// A DocC article. Its snippets stand in the tests too, where they are compiled and run.
public enum Article {
  /// The snippets of an article that do not stand in the tests' source, line by line and apart from their indentation.
  public static func snippets(of path: String, missingIn source: String) throws -> [String] {
    let code = "\n" + unindented(try Repository.text(source))
    let snippets = snippets(in: try Repository.text(path))
    guard !snippets.isEmpty else { throw SetupError("\(path) has no snippets") }
    return snippets.filter { !code.contains("\n" + unindented($0)) }
  }

  private static func snippets(in text: String) -> [String] {
    text.split(separator: "```swift\n", omittingEmptySubsequences: false).dropFirst().map { part in
      part.split(separator: "```", omittingEmptySubsequences: false).first.map(String.init) ?? ""
    }
  }

  private static func unindented(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.drop { $0 == " " } }.joined(separator: "\n")
  }
}
