public import ArgumentParser
public import ServerConfig

extension ByteSize: ExpressibleByArgument {
  /// Reads the argument of an option that takes a size.
  public init?(argument: String) {
    self.init(argument)
  }
}
