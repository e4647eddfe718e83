/// What the last transaction says about the log.
struct LogHealth: Sendable {
  /// Why it failed; nil when it did not.
  private(set) var problem: String?
  /// Whether the log must be proved good before anything is acknowledged: after a failed sync the system may hold pages for written that never
  /// were. A full disk needs no proof: nothing was written.
  private(set) var needsProof = false

  mutating func note(_ error: any Error) {
    let store = error as? StoreError
    problem = store?.message ?? "the change log cannot be written"
    if store?.code != .diskFull { needsProof = true }
  }
}
