public import ArgumentParser
public import ServerConfig

extension HostPort: ExpressibleByArgument {
  /// Reads the argument of `-hp`.
  public init?(argument: String) {
    self.init(argument)
  }
}
