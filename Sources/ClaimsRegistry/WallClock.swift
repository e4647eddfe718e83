import Glibc

/// The time of day, as a value that tests can replace.
public struct WallClock: Sendable {
  /// Milliseconds since 1970.
  public let milliseconds: @Sendable () -> Int64

  /// A clock that asks `milliseconds`.
  public init(milliseconds: @escaping @Sendable () -> Int64) {
    self.milliseconds = milliseconds
  }

  /// Whole seconds since 1970, as tokens count.
  public var seconds: Int64 { milliseconds() / 1000 }

  /// The system's clock.
  public static let system = WallClock {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}
