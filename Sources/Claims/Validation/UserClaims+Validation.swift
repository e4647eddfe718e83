import Nkeys

extension UserClaims {
  func validate(_ issues: inout ValidationIssues) {
    limits.validate(&issues)
    if !issuerAccount.isEmpty && !issuerAccount.isKey(of: .account) {
      issues.error("account_id is not an account public key")
    }
  }
}

extension UserPermissionLimits {
  func validate(_ issues: inout ValidationIssues) {
    permissions.validate(&issues)
    for network in src?.networks ?? [] where !IPAddress.isNetwork(network) {
      issues.error("invalid cidr \(GoText.quoted(network)) in user src limits")
    }
    for range in times ?? [] { range.validate(&issues) }
    if let problem = TimeZoneName.problem(with: timesLocation) {
      issues.error("could not parse iana time zone by name: \(problem)")
    }
  }
}

extension TimeRange {
  func validate(_ issues: inout ValidationIssues) {
    Self.validate(start, "start", &issues)
    Self.validate(end, "end", &issues)
  }

  private static func validate(_ time: String, _ name: String, _ issues: inout ValidationIssues) {
    if time.isEmpty {
      issues.error("time ranges \(name) must contain \(name == "start" ? "a" : "an") \(name)")
    } else if !isTimeOfDay(time) {
      issues.error("\(name) in time range is invalid \(GoText.quoted(time))")
    }
  }

  /// The form H:MM:SS or HH:MM:SS, with or without a fraction behind a point or a comma.
  static func isTimeOfDay(_ text: String) -> Bool {
    let parts = Array(text.utf8).split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard parts.count == 3, let hour = number(parts[0]), hour < 24, parts[1].count == 2, let minute = number(parts[1]), minute < 60
    else { return false }
    guard let second = number(parts[2].prefix(2)), parts[2].count >= 2, second < 60 else { return false }
    let fraction = parts[2].dropFirst(2)
    guard let mark = fraction.first else { return true }
    return (mark == UInt8(ascii: ".") || mark == UInt8(ascii: ",")) && fraction.count > 1 && fraction.dropFirst().allSatisfy(isDigit)
  }

  /// One digit or two.
  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    guard (1...2).contains(digits.count), digits.allSatisfy(isDigit) else { return nil }
    return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
