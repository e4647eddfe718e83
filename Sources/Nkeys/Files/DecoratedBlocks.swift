/// Finds the blocks of a decorated text, and the line of a bare seed.
///
/// A block is three lines: one that ends with a pair of dash runs (`---…---`, anything before and between them), one of
/// letters, digits and `_ - . =` only, and one that is a pair of dash runs from its start. Line ends are LF or CR LF.
/// Blocks share no line. This is the reference's regular expression, spelled out by lines.
struct DecoratedBlocks {
  /// Where the content lines are, without their line ends.
  private(set) var contents: [Range<Int>] = []

  private let bytes: UnsafeRawBufferPointer
  private var lines: [Line] = []

  private struct Line {
    /// The line without its line feed.
    var range: Range<Int>
    /// True unless the text ends before a line feed comes.
    var isClosed: Bool
  }

  init(_ bytes: UnsafeRawBufferPointer, dialect: DecoratedText.Dialect) {
    self.bytes = bytes
    splitLines()
    var first = 0
    while first + 2 < lines.count {
      if let content = content(ofBlockAt: first, dialect: dialect) {
        contents.append(content)
        first += 3
      } else {
        first += 1
      }
    }
  }

  private mutating func splitLines() {
    var start = 0
    for (index, byte) in bytes.enumerated() where byte == lineFeed {
      lines.append(Line(range: start..<index, isClosed: true))
      start = index + 1
    }
    lines.append(Line(range: start..<bytes.count, isClosed: false))
  }

  private func content(ofBlockAt first: Int, dialect: DecoratedText.Dialect) -> Range<Int>? {
    let opening = trimmed(lines[first])
    let content = trimmed(lines[first + 1])
    let closing = trimmed(lines[first + 2])
    guard endsWithDashRuns(opening), !content.isEmpty, bytes[content].allSatisfy(isTokenCharacter) else { return nil }
    guard endsWithDashRuns(closing), bytes[closing].starts(with: dashes) else { return nil }
    return lines[first + 2].isClosed || dialect == .jwt ? content : nil
  }

  /// The line without the carriage return that belongs to its line end; without a line feed there is none.
  private func trimmed(_ line: Line) -> Range<Int> {
    guard line.isClosed, let last = line.range.last, bytes[last] == carriageReturn else { return line.range }
    return line.range.lowerBound..<last
  }

  /// True when the line ends with three dashes and has three more before them.
  private func endsWithDashRuns(_ line: Range<Int>) -> Bool {
    guard line.count >= 6, bytes[line].suffix(3).elementsEqual(dashes) else { return false }
    let rest = bytes[line].dropLast(3)
    return (rest.startIndex...(rest.endIndex - 3)).contains { rest[$0..<($0 + 3)].elementsEqual(dashes) }
  }

  /// The first line that, blanks before it aside, begins like a seed. The line is taken with those blanks, but without a
  /// carriage return at its end.
  var lineOfSeed: Range<Int>? {
    lines.first { seedBeginnings.contains(beginning(of: $0)) }.map(trimmed)
  }

  /// The first two characters of a line after its blanks; no more of it is copied, since it may be a seed.
  private func beginning(of line: Line) -> String {
    var decoder = UTF8()
    var rest = bytes[line.range].makeIterator()
    var beginning = String.UnicodeScalarView()
    while beginning.count < 2, case .scalarValue(let scalar) = decoder.decode(&rest) {
      if beginning.isEmpty, scalar.properties.isWhitespace { continue }
      beginning.append(scalar)
    }
    return String(beginning)
  }

  /// True for what begins like the seed of an operator, an account or a user.
  static func beginsLikeSeed(_ text: UnsafeRawBufferPointer) -> Bool {
    seedBeginnings.contains(String(decoding: text.prefix(2), as: UTF8.self))
  }
}

private let lineFeed: UInt8 = 0x0A
private let carriageReturn: UInt8 = 0x0D
private let dashes = Array("---".utf8)
private let seedBeginnings: Set<String> = ["SO", "SA", "SU"]

/// True for the characters that a block may hold: letters, digits and `_ - . =`.
func isTokenCharacter(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
  case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "="): true
  default: false
  }
}
