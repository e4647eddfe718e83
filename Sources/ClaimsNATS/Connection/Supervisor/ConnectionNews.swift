/// Tells what deserves a line in the log: a failure whose reason is another than the last one of its kind, and the return after a failure
/// that was told.
struct ConnectionNews: Sendable {
  private var failures: [Int: NATSError.Code] = [:]
  private var loss: NATSError.Code?
  private var uselessness: NATSError.Code?
  private var isConnectionTold = false

  mutating func connected() -> Bool {
    defer { isConnectionTold = true }
    uselessness = nil
    return !isConnectionTold
  }

  mutating func failed(server: Int, _ code: NATSError.Code) -> Bool {
    tell(failures.updateValue(code, forKey: server) != code)
  }

  mutating func lost(_ code: NATSError.Code) -> Bool {
    defer { loss = code }
    return tell(loss != code)
  }

  mutating func unusable(_ code: NATSError.Code) -> Bool {
    defer { uselessness = code }
    return tell(uselessness != code)
  }

  private mutating func tell(_ isNews: Bool) -> Bool {
    if isNews { isConnectionTold = false }
    return isNews
  }
}
