/// Work on many items on all cores, whose results come in the order of the items.
enum OrderedWork {
  /// Items that one task takes at a time: enough to make the task's own cost small.
  private static let chunk = 128

  /// Works on every item, and hands over the results in order, some at a time.
  static func map<Item: Sendable, Result: Sendable>(
    _ items: [Item], cores: Int, _ work: @escaping @Sendable (Item) -> Result, take: ([Result]) -> Void
  ) async {
    var starts = stride(from: 0, to: items.count, by: chunk).makeIterator()
    await withTaskGroup(of: (start: Int, results: [Result]).self) { group in
      func begin() {
        guard let start = starts.next() else { return }
        group.addTask { (start, items[start..<min(start + chunk, items.count)].map(work)) }
      }
      // More chunks than cores, so that a slow one keeps no core waiting; not all, so that what is done does not pile up behind it.
      for _ in 0..<cores * 4 { begin() }
      var done: [Int: [Result]] = [:]
      var next = 0
      while let finished = await group.next() {
        done[finished.start] = finished.results
        while let results = done.removeValue(forKey: next) {
          take(results)
          next += results.count
          begin()
        }
      }
    }
  }
}
