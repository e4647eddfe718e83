/// Finds the name that was probably meant.
enum NearestName {
  /// The name that takes the fewest changes of a character to reach, if they are few enough to be a mistake in writing.
  static func of(_ written: String, among names: [String]) -> String? {
    let written = written.lowercased()
    let nearest = names.map { (name: $0, distance: distance(written, $0.lowercased())) }.min { $0.distance < $1.distance }
    guard let nearest, nearest.distance <= max(1, written.count / 3) else { return nil }
    return nearest.name
  }

  /// How many characters must be put in, left out, replaced or swapped with their neighbour (Damerau's distance).
  static func distance(_ first: String, _ second: String) -> Int {
    let first = Array(first)
    let second = Array(second)
    var earlier: [Int] = []
    var previous = Array(0...second.count)
    for row in first.indices {
      var current = [row + 1]
      for column in second.indices {
        let isSame = first[row] == second[column]
        var least = min(previous[column] + (isSame ? 0 : 1), previous[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, first[row] == second[column - 1], first[row - 1] == second[column] {
          least = min(least, earlier[column - 1] + 1)
        }
        current.append(least)
      }
      earlier = previous
      previous = current
    }
    return previous[second.count]
  }
}
