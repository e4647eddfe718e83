public import ArgumentParser
public import ClaimsRegistry

extension TimePoint: ExpressibleByArgument {
  /// A time on the command line.
  public init?(argument: String) {
    self.init(argument, now: WallClock.system.milliseconds())
  }
}
