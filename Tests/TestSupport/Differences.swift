/// Collects where what we do differs from what a case expects.
public struct Differences {
  /// The differences, one line each; empty when all is as expected.
  public private(set) var all: [String] = []

  /// No differences yet.
  public init() {}

  /// What a check finds; what it throws, because the case cannot be run, is a difference too.
  public static func found(by check: (inout Differences) throws -> Void) -> [String] {
    var differences = Differences()
    do {
      try check(&differences)
    } catch {
      differences.add("the case cannot be run: \(error)")
    }
    return differences.all
  }

  /// Adds a difference.
  public mutating func add(_ difference: String) { all.append(difference) }

  /// Adds the differences that another check found.
  public mutating func add(_ differences: [String]) { all += differences }

  /// Compares texts byte by byte, where Swift's own comparison takes equivalent characters for the same.
  public mutating func compare(_ name: String, _ found: String, with expected: String) {
    if !found.utf8.elementsEqual(expected.utf8) { add(name, found, expected) }
  }

  /// Compares lists of texts byte by byte.
  public mutating func compare(_ name: String, _ found: [String], with expected: [String]) {
    if !found.elementsEqual(expected, by: { $0.utf8.elementsEqual($1.utf8) }) { add(name, found, expected) }
  }

  /// Compares any other values.
  public mutating func compare<Value: Equatable>(_ name: String, _ found: Value, with expected: Value) {
    if found != expected { add(name, found, expected) }
  }

  private mutating func add(_ name: String, _ found: Any, _ expected: Any) {
    // Tokens and payloads would drown the names of the cases.
    add("\(name) is \(String(describing: found).prefix(200)), expected \(String(describing: expected).prefix(200))")
  }
}
