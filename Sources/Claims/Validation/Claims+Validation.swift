extension Claims {
  /// All that the reference objects to in these claims at a time (seconds since 1970), in its order and with its texts.
  ///
  /// Where the reference walks a map, the order here is that of the keys' bytes. Nothing is fetched, and who may be trusted is not
  /// asked here.
  public func issues(at now: Int64) -> [ValidationIssue] {
    var issues = ValidationIssues()
    switch self {
    case .operator(let claims):
      common.validateTimes(at: now, &issues)
      claims.validate(&issues)
    case .account(let claims):
      common.validateTimes(at: now, &issues)
      claims.validate(&issues)
    case .user(let claims):
      common.validateTimes(at: now, &issues)
      claims.validate(&issues)
    case .activation(let claims):
      common.validateTimes(at: now, &issues)
      claims.validate(&issues)
    case .authorizationRequest(let claims):
      claims.validate(&issues)
      common.validateTimes(at: now, &issues)
    case .authorizationResponse(let claims):
      claims.validate(&issues)
      common.validateTimes(at: now, &issues)
    case .generic:
      common.validateTimes(at: now, &issues)
    }
    return issues.all
  }
}

extension CommonClaims {
  fileprivate func validateTimes(at now: Int64, _ issues: inout ValidationIssues) {
    if isExpired(at: now) { issues.time("claim is expired") }
    if isEarly(at: now) { issues.time("claim is not yet valid") }
  }
}
