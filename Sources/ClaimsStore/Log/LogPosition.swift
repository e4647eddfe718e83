import Synchronization

/// The last sequence of the log, for those who only want to know how far it is.
final class LogPosition: Sendable {
  private let sequence = Atomic<Int64>(0)

  var last: Int64 {
    get { sequence.load(ordering: .acquiring) }
    set { sequence.store(newValue, ordering: .releasing) }
  }
}
