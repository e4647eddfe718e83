public import Nkeys

/// The kinds of claims.
public enum ClaimType: String, CaseIterable, Hashable, Sendable {
  /// About an operator: its signing keys and rules.
  case `operator`
  /// About an account: limits, imports, exports, signing keys, revocations.
  case account
  /// About a user: permissions and limits of a connection.
  case user
  /// A permission for one account to import from another.
  case activation
  /// A server's question to an authorization service.
  case authorizationRequest = "authorization_request"
  /// The service's answer.
  case authorizationResponse = "authorization_response"
  /// Anything else.
  case generic

  /// The roles that may issue claims of this kind, in the order in which the reference lists them; empty when any role may.
  public var issuerRoles: [Role] {
    switch self {
    case .operator: [.operator]
    case .account, .activation: [.account, .operator]
    case .user, .authorizationResponse: [.account]
    case .authorizationRequest: [.server]
    case .generic: []
    }
  }

  /// The role of the key that claims of this kind are about; nil when any text will do.
  public var subjectRole: Role? {
    switch self {
    case .operator: .operator
    case .account, .activation: .account
    case .user: .user
    case .authorizationRequest, .authorizationResponse, .generic: nil
    }
  }
}
