public import ArgumentParser
public import ClaimsStore

/// Kinds of changes, with commas between.
struct ChangeKinds: ExpressibleByArgument {
  let kinds: Set<ChangeKind>

  init?(argument: String) {
    let names = argument.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    let kinds = names.compactMap(ChangeKind.init(name:))
    guard kinds.count == names.count else { return nil }
    self.kinds = Set(kinds)
  }
}

extension LogHead: ExpressibleByArgument {
  /// Reads `SEQUENCE:HASH`.
  public init?(argument: String) { self.init(argument) }
}
