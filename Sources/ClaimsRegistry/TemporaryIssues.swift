public import Claims
public struct ValidationIssue: Sendable { public enum Level: String, Sendable { case error, warning, time }
  public let level: Level; public let blocking: Bool; public let description: String }
extension Claims {
  public func issues(at now: Int64) -> [ValidationIssue] {
    (common.exp > 0 && now > common.exp ? [ValidationIssue(level: .time, blocking: false, description: "claim is expired")] : [])
    + (common.nbf > now ? [ValidationIssue(level: .time, blocking: false, description: "claim is not yet valid")] : [])
  }
}
