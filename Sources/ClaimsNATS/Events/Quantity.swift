/// Figures for people.
public enum Quantity {
  /// A number of bytes: `512 B`, `18.8 MiB`.
  public static func bytes(_ count: Int64) -> String {
    guard count.magnitude >= 1024 else { return "\(count) B" }
    var value = Double(count)
    var unit = "B"
    for next in ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"] where value.magnitude >= 1024 {
      value /= 1024
      unit = next
    }
    return "\(decimal(value)) \(unit)"
  }

  /// A short time: `417µs`, `2.5ms`, `1.2s`.
  public static func duration(nanoseconds: Int64) -> String {
    let value = Double(nanoseconds)
    switch nanoseconds.magnitude {
    case ..<1000: return "\(nanoseconds)ns"
    case ..<1_000_000: return "\(decimal(value / 1e3))µs"
    case ..<1_000_000_000: return "\(decimal(value / 1e6))ms"
    default: return "\(decimal(value / 1e9))s"
    }
  }

  /// A long time, as nats-servers write how long they run: `14s`, `2h5m0s`, `3d4h5m0s`.
  public static func uptime(seconds: Int64) -> String {
    var text = ""
    var rest = max(0, seconds)
    for (unit, length) in [("d", 86_400), ("h", 3600), ("m", 60)] as [(String, Int64)] where rest >= length || !text.isEmpty {
      text += "\(rest / length)\(unit)"
      rest %= length
    }
    return text + "\(rest)s"
  }

  /// A number with one digit behind the point, or none where it says nothing.
  static func decimal(_ value: Double) -> String {
    let tenths = (value * 10).rounded() / 10
    return tenths == tenths.rounded() ? "\(Int64(exactly: tenths) ?? 0)" : "\(tenths)"
  }
}
