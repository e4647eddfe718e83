public import ArgumentParser
public import ServerConfig

extension ByteSize: ExpressibleByArgument {
  /// Reads the argument of `--cache`.
  public init?(argument: String) {
    self.init(argument)
  }

  /// How help shows a default.
  public var defaultValueDescription: String { description }
}
