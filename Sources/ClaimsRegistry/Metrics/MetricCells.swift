import CoreMetrics
import Synchronization

/// One counter series.
final class CounterCell: CounterHandler {
  private let count = Atomic<Int64>(0)

  var value: Int64 { count.load(ordering: .relaxed) }

  func increment(by amount: Int64) { count.add(amount, ordering: .relaxed) }

  func reset() { count.store(0, ordering: .relaxed) }
}

/// One gauge series: the last value that was recorded.
final class GaugeCell: RecorderHandler, TimerHandler {
  private let bits = Atomic<UInt64>(0)

  /// The value as Prometheus reads it; whole numbers without a fraction.
  var text: String {
    let value = Double(bitPattern: bits.load(ordering: .relaxed))
    return Int64(exactly: value).map(String.init) ?? "\(value)"
  }

  func record(_ value: Int64) { record(Double(value)) }

  func record(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }

  func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
}
