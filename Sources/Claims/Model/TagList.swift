/// How the reference adds to its lists of texts. Reading leaves lists as they are.
public enum TagList {
  /// The list with tags added: lower case, trimmed, each once, blanks dropped.
  public static func adding(_ tags: [String], to list: [String]) -> [String] {
    appending(tags.map { GoText.trimmed(GoText.lowercased($0)) }, to: list)
  }

  /// The list with texts added as they are: each once, empty ones dropped.
  public static func appending(_ texts: [String], to list: [String]) -> [String] {
    var list = list
    var known = Set(list.map { Array($0.utf8) })
    for text in texts where !text.isEmpty && known.insert(Array(text.utf8)).inserted {
      list.append(text)
    }
    return list
  }
}
