extension OperatorClaims {
  /// What is wrong with the account server's URL; nil when nothing is.
  var accountServerURLIssue: String? {
    guard !accountServerURL.isEmpty else { return nil }
    switch ReferenceURL.parse(accountServerURL) {
    case .failure(let error): return "error parsing account server url: \(error.message)"
    case .success(let url):
      return url.scheme.isEmpty ? "account server url \(GoText.quoted(accountServerURL)) requires a protocol" : nil
    }
  }
}
