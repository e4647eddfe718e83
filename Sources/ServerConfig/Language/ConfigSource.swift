import Glibc

/// Where a configuration's files and variables come from.
public struct ConfigSource: Sendable {
  /// The environment's variables.
  public var environment: [String: String]

  /// No configuration is larger.
  static let largest = 4 << 20

  /// Takes the variables of an environment.
  public init(environment: [String: String]) {
    self.environment = environment
  }

  /// Reads a file and those it includes.
  ///
  /// - Throws: ``ConfigError`` with the place of what is wrong.
  public func read(_ file: String) throws(ConfigError) -> ConfigMap {
    var parser = ConfigParser(try text(file), file: file, source: self)
    return try parser.file()
  }

  /// Reads a configuration from text; `file` names it in messages, and its folder is where includes are looked for.
  ///
  /// - Throws: ``ConfigError`` with the place of what is wrong.
  public func read(text: String, file: String) throws(ConfigError) -> ConfigMap {
    var parser = ConfigParser(text, file: file, source: self)
    return try parser.file()
  }

  /// The folder of a file, with a slash; empty for one without.
  func folder(of file: String) -> String {
    file.lastIndex(of: "/").map { String(file[...$0]) } ?? ""
  }

  /// What a file holds, as text.
  func text(_ file: String) throws(ConfigError) -> String {
    guard let stream = fopen(file, "re") else { throw ConfigError("\(file): \(systemText())", at: nil) }
    defer { fclose(stream) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16_384)
    while true {
      let count = fread(&chunk, 1, chunk.count, stream)
      bytes += chunk[..<count]
      guard bytes.count <= Self.largest else {
        throw ConfigError("\(file) is larger than \(Self.largest) bytes: it is no configuration", at: nil)
      }
      if count < chunk.count { break }
    }
    if ferror(stream) != 0 { throw ConfigError("\(file): \(systemText())", at: nil) }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw ConfigError("\(file) is not UTF-8 text", at: nil) }
    return text
  }

  private func systemText() -> String { strerror(errno).map { String(cString: $0) } ?? "error \(errno)" }
}
