/// How a second since 1970 is written for people: `2026-11-22 09:01:12 UTC`.
public enum Timestamp {
  /// The text of a second, also of one that no calendar was made for: tokens may hold any number.
  public static func text(_ seconds: Int64) -> String {
    let second = ((seconds % 86_400) + 86_400) % 86_400
    let time = [second / 3600, second / 60 % 60, second % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
    return "\(CivilDate(secondsSince1970: seconds)) \(time) UTC"
  }
}
