import Foundation

/// The secret that a command shows to a server, from the first line of a file: a command line is seen by everyone on the machine.
struct BearerToken {
  let text: String

  init(file: String) throws(CommandFailure) {
    let data: Data
    do {
      data = try Data(contentsOf: URL(filePath: file))
    } catch {
      throw CommandFailure("\(file) cannot be read: \(error.localizedDescription)")
    }
    let lines = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline)
    text = lines.map { $0.trimmingCharacters(in: .whitespaces) }.first { !$0.isEmpty && !$0.hasPrefix("#") } ?? ""
    guard !text.isEmpty, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw CommandFailure("\(file) holds no bearer token: write it on its first line, in visible ASCII characters without space")
    }
  }
}
