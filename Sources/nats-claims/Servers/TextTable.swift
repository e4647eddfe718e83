/// A table for people: columns as wide as their widest text, with two blanks between; columns of numbers stand to the right.
struct TextTable {
  let titles: [String]
  let rows: [[String]]

  /// The title, and a line for every row; of a table without rows, the title alone.
  var lines: [String] {
    let all = [titles] + rows
    let widths = titles.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    let areNumbers = titles.indices.map { column in !rows.isEmpty && rows.allSatisfy { Self.isNumber($0[column]) } }
    return all.map { row in
      let cells = row.indices.map { column in
        let blanks = String(repeating: " ", count: widths[column] - row[column].count)
        return areNumbers[column] ? blanks + row[column] : row[column] + blanks
      }
      let line = cells.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
  }

  /// Figures begin with a digit and have no more than one blank, in front of a unit; a dash is a missing one.
  private static func isNumber(_ text: String) -> Bool {
    text == "-" || text.wholeMatch(of: #/-?[0-9]+(\.[0-9]+)?(%|ns|µs|ms|s| [KMGTPE]?i?B)?/#) != nil
  }
}
