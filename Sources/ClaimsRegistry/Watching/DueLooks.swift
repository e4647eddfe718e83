/// Which files another look is due for: each once, however many notices and scans came across it.
struct DueLooks {
  private var names: Set<String> = []

  /// The look at these files that was due takes place.
  mutating func begin(_ looked: Set<String>) { names.subtract(looked) }

  /// Notes files that need another look, and gives those for which none was due yet.
  mutating func add(_ doubtful: Set<String>) -> Set<String> {
    defer { names.formUnion(doubtful) }
    return doubtful.subtracting(names)
  }
}
