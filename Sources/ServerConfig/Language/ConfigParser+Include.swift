extension ConfigParser {
  /// `include PATH`: the keys of another file, named from the folder of this one, as if they stood here.
  mutating func include(at position: ConfigPosition) throws(ConfigError) {
    cursor.skipSpace(lines: false)
    let start = cursor.position
    let path = try includedPath(at: start)
    let file = path.hasPrefix("/") ? path : source.folder(of: cursor.file) + path
    guard depth < Self.deepest else { throw error("the file \(file) includes itself", at: position) }
    let text: String
    do throws(ConfigError) {
      text = try source.text(file)
    } catch {
      throw ConfigError("the included file cannot be read: \(error.message)", at: start)
    }
    var parser = ConfigParser(text, file: file, source: source, depth: depth + 1)
    scopes[scopes.count - 1].entries += try parser.file().entries
  }

  private mutating func includedPath(at start: ConfigPosition) throws(ConfigError) -> String {
    switch cursor.byte {
    case UInt8(ascii: "\""), UInt8(ascii: "'"): return try plainText()
    default:
      let ends = Array(" \t\n\r;}".utf8)
      let path = cursor.text { !ends.contains($0) }
      guard let first = path.first, !"{[(=:\\".contains(first) else {
        throw error("include takes the path of a file, without = or : before it", at: start)
      }
      return path
    }
  }
}
