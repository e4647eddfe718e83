/// Drops what was seen already: servers send some events on two subjects, with the same id.
///
/// It remembers the newest ids only; the two come one right after the other.
public struct EventRepeats: Sendable {
  private let capacity: Int
  private var known: Set<String> = []
  private var ring: [String] = []
  private var oldest = 0

  /// Remembers so many ids, at least one.
  public init(capacity: Int = 4096) {
    self.capacity = max(1, capacity)
  }

  /// Whether the event is seen for the first time; always true for one without an id.
  public mutating func isNew(_ event: SystemEvent) -> Bool {
    guard let id = event.id else { return true }
    let mark = "\(event.server?.id ?? "") \(id)"
    guard known.insert(mark).inserted else { return false }
    if ring.count < capacity {
      ring.append(mark)
    } else {
      known.remove(ring[oldest])
      ring[oldest] = mark
      oldest = (oldest + 1) % capacity
    }
    return true
  }
}
