public import ArgumentParser
public import Claims

extension AccountKey: ExpressibleByArgument {
  /// Reads a key's canonical text.
  public init?(argument: String) {
    guard let key = try? AccountKey(argument) else { return nil }
    self = key
  }
}
