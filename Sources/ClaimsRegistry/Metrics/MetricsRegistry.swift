public import CoreMetrics
import Synchronization

/// Holds the program's metrics and writes them in the Prometheus text format.
///
/// It is a swift-metrics factory, so that the packages underneath could report here too; series are made by ``counter(_:_:)`` and
/// ``gauge(_:)``, whose names come from ``Metric``.
public final class MetricsRegistry: MetricsFactory {
  private struct Key: Hashable {
    let name: String
    let labels: String
  }

  private let counters = Mutex<[Key: CounterCell]>([:])
  private let gauges = Mutex<[Key: GaugeCell]>([:])

  /// Creates an empty registry.
  public init() {}

  /// The counter of a metric, for one value of its label if it has one.
  public func counter(_ metric: Metric, _ value: String? = nil) -> Counter {
    Counter(label: metric.rawValue, dimensions: Self.dimensions(metric, value), factory: self)
  }

  /// The gauge of a metric, for one value of its label if it has one.
  public func gauge(_ metric: Metric, _ value: String? = nil) -> Gauge {
    Gauge(label: metric.rawValue, dimensions: Self.dimensions(metric, value), factory: self)
  }

  /// All metrics in the Prometheus text format, version 0.0.4, and with them others that are not kept here, by the values of their labels.
  public func text(with others: [Metric: [[String]: Int]] = [:]) -> String {
    var series: [String: [String]] = [:]
    for (metric, numbers) in others where !numbers.isEmpty {
      series[metric.rawValue] = numbers.map { "\(metric.rawValue)\(Self.labels(Array(zip(metric.labels, $0.key)))) \($0.value)\n" }
    }
    for (key, cell) in counters.withLock({ $0 }) { series[key.name, default: []].append("\(key.name)\(key.labels) \(cell.value)\n") }
    for (key, cell) in gauges.withLock({ $0 }) { series[key.name, default: []].append("\(key.name)\(key.labels) \(cell.text)\n") }
    var text = ""
    for metric in Metric.allCases {
      guard let lines = series[metric.rawValue] else { continue }
      text += "# HELP \(metric.rawValue) \(metric.help)\n# TYPE \(metric.rawValue) \(metric.type)\n"
      text += lines.sorted().joined()
    }
    return text
  }

  private static func dimensions(_ metric: Metric, _ value: String?) -> [(String, String)] {
    guard let label = metric.labels.first, let value else { return [] }
    return [(label, value)]
  }

  // MARK: swift-metrics

  /// Makes the counter of a series, or finds it.
  public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    counters.withLock { $0.cell(Key(name: label, labels: Self.labels(dimensions)), or: CounterCell()) }
  }

  /// Makes the gauge of a series, or finds it; histograms are kept as their last value.
  public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
    gauges.withLock { $0.cell(Key(name: label, labels: Self.labels(dimensions)), or: GaugeCell()) }
  }

  /// Makes a timer: the last duration in seconds.
  public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    gauges.withLock { $0.cell(Key(name: label, labels: Self.labels(dimensions)), or: GaugeCell()) }
  }

  /// Forgets a counter.
  public func destroyCounter(_ handler: any CounterHandler) {
    guard let cell = handler as? CounterCell else { return }
    counters.withLock { $0 = $0.filter { $0.value !== cell } }
  }

  /// Forgets a gauge.
  public func destroyRecorder(_ handler: any RecorderHandler) {
    guard let cell = handler as? GaugeCell else { return }
    gauges.withLock { $0 = $0.filter { $0.value !== cell } }
  }

  /// Forgets a timer.
  public func destroyTimer(_ handler: any TimerHandler) {
    guard let cell = handler as? GaugeCell else { return }
    gauges.withLock { $0 = $0.filter { $0.value !== cell } }
  }

  private static func labels(_ dimensions: [(String, String)]) -> String {
    guard !dimensions.isEmpty else { return "" }
    return "{" + dimensions.map { "\($0.0)=\"\(escaped($0.1))\"" }.joined(separator: ",") + "}"
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    // Not by characters: a quote with an accent is another one than a quote.
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\"": result += "\\\""
      case "\n": result += "\\n"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

extension Dictionary {
  fileprivate mutating func cell(_ key: Key, or make: @autoclosure () -> Value) -> Value {
    if let value = self[key] { return value }
    let value = make()
    self[key] = value
    return value
  }
}
