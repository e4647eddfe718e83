import ClaimsRegistry
import Glibc

/// A file with an operator's token, which is read again and again while the server runs.
struct OperatorFile: Sendable {
  let path: String
  /// What it held at the start.
  let first: OperatorReading
  /// The operator of that token.
  let trusted: TrustedOperator
  /// Whether it is a pipe, as `-operator <(command)` gives: it was emptied at the start, and stays what it was.
  private let isPipe: Bool

  /// More than any operator's token has.
  private static let largest = 1 << 20

  /// Reads the file; one that does not name an operator ends the start.
  init(_ path: String) throws {
    self.path = path
    let content: OperatorReading.Content
    (content, isPipe) = Self.content(of: path)
    first = OperatorReading(file: path, content: content)
    switch content {
    case .unreadable(let reason):
      throw CommandFailure("the operator's token \(path) cannot be read (\(reason)): give the path of an operator JWT")
    case .text(let text):
      do {
        trusted = try TrustedOperator(text: text)
      } catch {
        throw CommandFailure("\(path): \(error.message)")
      }
    }
  }

  /// Reads the files of a configuration, and refuses two of the same operator: which one is to be trusted could not be told.
  static func all(_ paths: [String]) throws -> [OperatorFile] {
    var files: [OperatorFile] = []
    for path in paths {
      let file = try OperatorFile(path)
      if let other = files.first(where: { $0.trusted.key == file.trusted.key }) {
        throw CommandFailure(
          "-operator: \(other.path) and \(path) hold tokens of the same operator, \(file.trusted.key): name only the newest one")
      }
      files.append(file)
    }
    return files
  }

  /// What the file holds now.
  func read() -> OperatorReading {
    // A pipe that was put in the file's place must not hold the server up.
    isPipe ? first : OperatorReading(file: path, content: Self.content(of: path, O_NONBLOCK).content)
  }

  /// Follows links, as mounted secrets are made of them.
  private static func content(of path: String, _ flags: Int32 = 0) -> (content: OperatorReading.Content, isPipe: Bool) {
    let file = open(path, O_RDONLY | O_CLOEXEC | flags)
    guard file >= 0 else { return (.unreadable(systemText()), false) }
    defer { close(file) }
    let isPipe = lseek(file, 0, SEEK_CUR) < 0 && errno == ESPIPE
    return (content(of: file), isPipe)
  }

  private static func content(of file: Int32) -> OperatorReading.Content {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16_384)
    while true {
      let count = Glibc.read(file, &chunk, chunk.count)
      if count < 0 {
        if errno == EINTR { continue }
        return .unreadable(systemText())
      }
      if count == 0 { break }
      bytes.append(contentsOf: chunk[..<count])
      guard bytes.count <= largest else { return .unreadable("it is too large") }
    }
    return .text(String(decoding: bytes, as: UTF8.self))
  }

  private static func systemText() -> String { strerror(errno).map { String(cString: $0) } ?? "error \(errno)" }
}
