/// The settings of admission.
public struct AdmissionPolicy: Sendable, Hashable {
  /// Whether tokens of version 1 are accepted, as the peer did.
  public var allowsVersion1: Bool
  /// How far ahead of our clock a token's `iat` may be, in seconds.
  public var clockTolerance: Int64

  /// Creates a policy.
  public init(allowsVersion1: Bool = true, clockTolerance: Int64 = 300) {
    self.allowsVersion1 = allowsVersion1
    self.clockTolerance = clockTolerance
  }

  /// Whether an issue time is further ahead of the clock than is allowed.
  func isAhead(_ iat: Int64, at now: Int64) -> Bool { iat > latest(at: now) }

  /// The latest issue time that is not ahead of the clock.
  func latest(at now: Int64) -> Int64 {
    let (latest, isBeyond) = now.addingReportingOverflow(clockTolerance)
    return isBeyond ? .max : latest
  }
}
