import Claims
import Foundation
import Nkeys

/// Tokens from files, directories or standard input.
struct TokenInput {
  /// Where the token came from, for messages.
  let name: String
  /// The token.
  let token: Token
  /// Whether it was found in a directory that was named, and not named itself.
  var isFromDirectory = false

  /// Reads what the paths name: a file with a token (plain, decorated, or one a line), a directory with `.jwt` files at any depth, or `-`.
  static func read(_ paths: [String]) throws -> [TokenInput] {
    try paths.flatMap { path in
      if path == "-" { return tokens(in: FileHandle.standardInput.readDataToEndOfFile(), name: "standard input") }
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
        throw CommandFailure("\(path): there is no such file or directory")
      }
      return isFolder.boolValue ? try folder(path) : tokens(in: try data(path), name: path)
    }
  }

  private static func folder(_ path: String) throws -> [TokenInput] {
    guard let walk = FileManager.default.enumerator(atPath: path) else { throw CommandFailure("\(path): the directory cannot be read") }
    let files = walk.compactMap { $0 as? String }.filter { $0.hasSuffix(".jwt") }.sorted()
    guard !files.isEmpty else { throw CommandFailure("\(path): the directory holds no .jwt file") }
    return try files.flatMap { file in
      tokens(in: try data("\(path)/\(file)"), name: "\(path)/\(file)").map {
        TokenInput(name: $0.name, token: $0.token, isFromDirectory: true)
      }
    }
  }

  private static func data(_ path: String) throws -> Data {
    guard let data = FileManager.default.contents(atPath: path) else { throw CommandFailure("\(path): the file cannot be read") }
    return data
  }

  private static func tokens(in data: Data, name: String) -> [TokenInput] {
    let text = String(decoding: data, as: UTF8.self)
    // A decorated text begins with a marker line; a marker further down is only a bad line among tokens.
    if text.utf8.drop(while: { " \t\r\n".utf8.contains($0) }).starts(with: "-----BEGIN".utf8) {
      return [TokenInput(name: name, token: Token(DecoratedText.token(in: text)))]
    }
    // By bytes: to Swift, a carriage return and a line feed are one character. An empty line in between is an empty token, so that
    // answers stand in the order of the lines.
    var lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
      line.last == UInt8(ascii: "\r") ? line.dropLast() : line
    }
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines.enumerated().map { number, line in
      TokenInput(name: lines.count > 1 ? "\(name):\(number + 1)" : name, token: Token(Array(line)))
    }
  }
}

extension TokenInput {
  /// The account that the token is about.
  var account: AccountKey {
    get throws {
      do {
        return try AccountKey(DecodedToken.decode(token).claims.common.sub)
      } catch {
        throw CommandFailure("\(name): \(error.message)")
      }
    }
  }
}
