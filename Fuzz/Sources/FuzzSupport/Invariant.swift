/// Stops the fuzzer, which keeps the input, unless the condition holds.
public func invariant(_ condition: Bool, _ message: @autoclosure () -> String) {
  if !condition { fatalError(message()) }
}

/// What the closure gives; stops the fuzzer, which keeps the input, when it throws.
public func mustSucceed<Value>(_ message: @autoclosure () -> String, _ body: () throws -> Value) -> Value {
  do {
    return try body()
  } catch {
    fatalError("\(message()): \(error)")
  }
}
