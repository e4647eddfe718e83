extension JSONDocument {
  /// The first name that an object of this text gives to two of its members.
  func firstRepeatedName() -> String? {
    for index in nodes.indices where nodes[index].kind == .object {
      if let name = repeatedName(ofObject: index) { return name }
    }
    return nil
  }

  /// Few plain names are compared in pairs; many, or names with escapes, go through a set.
  private func repeatedName(ofObject object: Int) -> String? {
    let end = Int(nodes[object].next)
    var names: [Int] = []
    var needsDecoding = false
    var index = object + 1
    while index < end {
      names.append(index)
      needsDecoding = needsDecoding || !nodes[index].traits.isEmpty
      index = Int(nodes[index + 1].next)
    }
    guard names.count > 1 else { return nil }
    if needsDecoding || names.count > 24 {
      var seen = Set<[UInt8]>(minimumCapacity: names.count)
      for name in names {
        let text = text(at: name)
        if !seen.insert(Array(text.utf8)).inserted { return text }
      }
      return nil
    }
    for later in names.indices.dropFirst() {
      for earlier in names[..<later] where isSameName(earlier, names[later]) {
        return text(at: earlier)
      }
    }
    return nil
  }

  private func isSameName(_ left: Int, _ right: Int) -> Bool {
    let (left, right) = (nodes[left], nodes[right])
    guard left.end - left.start == right.end - right.start else { return false }
    return bytes[Int(left.start)..<Int(left.end)].elementsEqual(bytes[Int(right.start)..<Int(right.end)])
  }
}
