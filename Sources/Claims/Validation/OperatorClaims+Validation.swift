import Nkeys

extension OperatorClaims {
  func validate(_ issues: inout ValidationIssues) {
    if let issue = accountServerURLIssue { issues.error(issue) }
    issues.errors(operatorServiceURLs.compactMap(Self.serviceURLIssue))
    for key in signingKeys where !key.isKey(of: .operator) {
      issues.error("\(key) is not an operator public key")
    }
    if !systemAccount.isEmpty && !systemAccount.isKey(of: .account) {
      issues.error("\(systemAccount) is not an account public key")
    }
    if !assertServerVersion.isEmpty, case .failure(let error) = ServerVersion.parse(assertServerVersion) {
      issues.error("assert server version error: \(error.message)")
    }
  }

  /// What is wrong with the account server's URL; nil when nothing is.
  var accountServerURLIssue: String? {
    guard !accountServerURL.isEmpty else { return nil }
    switch ReferenceURL.parse(accountServerURL) {
    case .failure(let error): return "error parsing account server url: \(error.message)"
    case .success(let url):
      return url.scheme.isEmpty ? "account server url \(GoText.quoted(accountServerURL)) requires a protocol" : nil
    }
  }

  /// What is wrong with the URL of a service; nil when nothing is, or for an empty text.
  static func serviceURLIssue(_ text: String) -> String? {
    guard !text.isEmpty else { return nil }
    let subject = "operator service url \(GoText.quoted(text))"
    switch ReferenceURL.parse(text) {
    case .failure(let error): return "error parsing \(subject): \(error.message)"
    case .success(let url):
      if url.hasUserInfo { return "\(subject) - credentials are not supported" }
      if !url.path.isEmpty { return "\(subject) - paths are not supported" }
      if ["nats", "tls", "ws", "wss"].contains(url.scheme) { return nil }
      return "\(subject) - protocol not supported (only 'nats', 'tls', 'ws', 'wss' only)"
    }
  }
}

/// A server version of three numbers.
enum ServerVersion {
  struct Failure: Error {
    let message: String
  }

  /// The three numbers, zeros for the empty text; a plus sign is allowed.
  static func parse(_ text: String) -> Result<[Int64], Failure> {
    if text.isEmpty { return .success([0, 0, 0]) }
    let parts = text.unicodeScalars.split(separator: ".", omittingEmptySubsequences: false).map { String($0) }
    guard parts.count == 3 else {
      return .failure(Failure(message: "asserted server version must be of the form <major>.<minor>.<update>"))
    }
    var numbers: [Int64] = []
    for part in parts {
      guard let number = Int64(part) else {
        return .failure(Failure(message: "asserted server version cant parse \(part) to int"))
      }
      numbers.append(number)
    }
    if numbers.contains(where: { $0 < 0 }) {
      return .failure(Failure(message: "asserted server version can'b contain negative values: \(text)"))
    }
    return .success(numbers)
  }
}
