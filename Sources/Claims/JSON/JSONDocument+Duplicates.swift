import Glibc

extension JSONDocument {
  /// The first name that an object of this text gives to two of its members.
  func firstRepeatedName() -> String? {
    var names: [Int] = []
    names.reserveCapacity(Self.fewNames)
    for index in nodes.indices where nodes[index].kind == .object {
      if let name = repeatedName(ofObject: index, &names) { return text(at: name) }
    }
    return nil
  }

  /// How many names are compared in pairs.
  private static let fewNames = 24

  /// Few plain names are compared in pairs; many, or names with escapes, go through a set. `names` is room to work in.
  private func repeatedName(ofObject object: Int, _ names: inout [Int]) -> Int? {
    let end = Int(nodes[object].next)
    names.removeAll(keepingCapacity: true)
    var needsDecoding = false
    var index = object + 1
    while index < end {
      names.append(index)
      needsDecoding = needsDecoding || !nodes[index].traits.isEmpty
      index = Int(nodes[index + 1].next)
    }
    guard names.count > 1 else { return nil }
    if needsDecoding || names.count > Self.fewNames {
      var seen = Set<[UInt8]>(minimumCapacity: names.count)
      return names.first { !seen.insert(Array(text(at: $0).utf8)).inserted }
    }
    return bytes.withUnsafeBufferPointer { bytes in
      for later in names.indices.dropFirst() {
        for earlier in 0..<later where isSameName(names[earlier], names[later], bytes) { return names[earlier] }
      }
      return nil
    }
  }

  private func isSameName(_ left: Int, _ right: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    let (left, right) = (nodes[left], nodes[right])
    let count = Int(left.end - left.start)
    guard count > 0, let base = bytes.baseAddress else { return left.end - left.start == right.end - right.start }
    return count == Int(right.end - right.start) && memcmp(base + Int(left.start), base + Int(right.start), count) == 0
  }
}
