/// What the log keeps the bytes of. Records and hashes stay for ever, and so do the marks that keep older tokens out.
public struct Retention: Sendable, Hashable {
  /// How many of an account's newest tokens keep their bytes.
  public var versions: Int
  /// For how many days delete claims keep theirs.
  public var tombstoneDays: Int

  /// Creates a rule; what is below 1 counts as 1.
  public init(versions: Int = 20, tombstoneDays: Int = 400) {
    self.versions = max(1, versions)
    self.tombstoneDays = max(1, tombstoneDays)
  }

  /// Delete claims accepted before this time are given up; all in milliseconds since 1970.
  func tombstonesBefore(_ now: Int64) -> Int64 {
    let (span, isTooLong) = Int64(tombstoneDays).multipliedReportingOverflow(by: 86_400_000)
    return isTooLong ? .min : now.subtractingReportingOverflow(span).partialValue
  }
}
