/// Makes the new value from an old one and its changes.
struct DifferencePatch {
  private var parts: ValueParts
  private let words: MemberWords
  private var places: [ClaimsChange.Step: Int]
  private var removed: Set<Int> = []
  private var added: [(position: Int, step: ClaimsChange.Step, value: JSONValue)] = []

  private init(_ parts: ValueParts, _ words: MemberWords) {
    self.parts = parts
    self.words = words
    places = parts.places
  }

  /// Applies changes whose paths begin with the same `depth` steps, those of the value. Throws `difference`.
  static func apply(
    _ changes: ArraySlice<ClaimsChange>, to value: JSONValue, depth: Int, _ words: MemberWords
  ) throws(ClaimsError) -> JSONValue {
    if let change = changes.first, change.path.count == depth, case .changed(_, let new) = change.kind { return new }
    return try apply(changes, to: ValueParts(value), depth: depth, words).value
  }

  private static func apply(
    _ changes: ArraySlice<ClaimsChange>, to parts: ValueParts, depth: Int, _ words: MemberWords
  ) throws(ClaimsError) -> ValueParts {
    var patch = DifferencePatch(parts, words)
    var order: [ClaimsChange.Step]?
    var rest = changes
    while let change = rest.first {
      guard change.path.count > depth else {
        guard case .reordered(_, let new) = change.kind else { throw mismatch }
        order = new
        rest = rest.dropFirst()
        continue
      }
      let step = change.path[depth]
      let below = rest.prefix { $0.path.count > depth && $0.path[depth] == step }
      try patch.apply(below, to: step, depth: depth + 1)
      rest = rest.dropFirst(below.count)
    }
    return try patch.result(in: order)
  }

  private mutating func apply(_ changes: ArraySlice<ClaimsChange>, to step: ClaimsChange.Step, depth: Int) throws(ClaimsError) {
    guard let first = changes.first else { return }
    let words = words.below(step)
    let isOwn = first.path.count == depth
    guard let place = places[step] else {
      if isOwn, case .added(let value, let position) = first.kind { return added.append((position, step, value)) }
      // A list or map that was not there comes with its first entry.
      guard words.isCollection, !isOwn else { throw Self.mismatch }
      let entries = try Self.apply(changes, to: ValueParts(under: first.path[depth]), depth: depth, words)
      places[step] = parts.parts.count
      parts.parts.append((step, entries.value))
      return
    }
    if isOwn, case .removed = first.kind {
      removed.insert(place)
      return
    }
    let value = try Self.apply(changes, to: parts.parts[place].value, depth: depth, words)
    parts.parts[place].value = value
    // And it goes with its last one, unless it was said to stay.
    if words.isCollection, !isOwn, ValueParts(value).parts.isEmpty { removed.insert(place) }
  }

  private func result(in order: [ClaimsChange.Step]?) throws(ClaimsError) -> ValueParts {
    let kept = parts.parts.indices.filter { !removed.contains($0) }.map { parts.parts[$0] }
    var result = parts
    if let order {
      result.parts = kept + added.map { ($0.step, $0.value) }
      let places = result.places
      let sorted = order.compactMap { places[$0] }.map { result.parts[$0] }
      guard sorted.count == result.parts.count else { throw Self.mismatch }
      result.parts = sorted
      return result
    }
    // Positions are those among the new parts, in their order; members of objects may stand anywhere.
    result.parts = []
    var rest = kept[...]
    for part in added {
      let gap = max(0, part.position - result.parts.count)
      guard gap <= rest.count || !result.isList else { throw Self.mismatch }
      result.parts += rest.prefix(gap)
      rest = rest.dropFirst(gap)
      result.parts.append((part.step, part.value))
    }
    result.parts += rest
    return result
  }

  private static var mismatch: ClaimsError {
    ClaimsError(.difference, "the difference was not made from these claims: compare them anew")
  }
}
