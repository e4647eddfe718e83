public import Nkeys

/// Claims of any kind.
public enum Claims: Hashable, Sendable {
  /// About an operator.
  case `operator`(OperatorClaims)
  /// About an account.
  case account(AccountClaims)
  /// About a user.
  case user(UserClaims)
  /// A permission to import.
  case activation(ActivationClaims)
  /// A server's question to an authorization service.
  case authorizationRequest(AuthorizationRequestClaims)
  /// The service's answer.
  case authorizationResponse(AuthorizationResponseClaims)
  /// Of any other kind.
  case generic(GenericClaims)

  /// The members that all claims share.
  public var common: CommonClaims {
    switch self {
    case .operator(let claims): claims.common
    case .account(let claims): claims.common
    case .user(let claims): claims.common
    case .activation(let claims): claims.common
    case .authorizationRequest(let claims): claims.common
    case .authorizationResponse(let claims): claims.common
    case .generic(let claims): claims.common
    }
  }

  /// The kind.
  public var type: ClaimType {
    switch self {
    case .operator: .operator
    case .account: .account
    case .user: .user
    case .activation: .activation
    case .authorizationRequest: .authorizationRequest
    case .authorizationResponse: .authorizationResponse
    case .generic: .generic
    }
  }

  /// The kind as the claims report it: empty where old tools did not write it.
  public var typeText: String {
    switch self {
    case .operator(let claims): claims.typeText
    case .account(let claims): claims.typeText
    case .user(let claims): claims.typeText
    case .activation(let claims): claims.typeText
    case .authorizationRequest(let claims): claims.typeText
    case .authorizationResponse(let claims): claims.typeText
    case .generic(let claims): claims.typeText
    }
  }

  /// The version of the format; 0 when it is not written.
  public var version: Int {
    switch self {
    case .operator(let claims): claims.version
    case .account(let claims): claims.version
    case .user(let claims): claims.version
    case .activation(let claims): claims.version
    case .authorizationRequest(let claims): claims.version
    case .authorizationResponse(let claims): claims.version
    case .generic(let claims): claims.version
    }
  }

  /// Words to find the claims by.
  public var tags: [String] {
    switch self {
    case .operator(let claims): claims.tags
    case .account(let claims): claims.tags
    case .user(let claims): claims.tags
    case .activation(let claims): claims.tags
    case .authorizationRequest(let claims): claims.tags
    case .authorizationResponse(let claims): claims.tags
    case .generic(let claims): claims.tags
    }
  }

  /// The identity key of the account that a signing key issued the claims for; empty for kinds that have none.
  public var issuerAccount: KeyReference {
    switch self {
    case .user(let claims): claims.issuerAccount
    case .activation(let claims): claims.issuerAccount
    case .authorizationResponse(let claims): claims.issuerAccount
    case .operator, .account, .authorizationRequest, .generic: ""
    }
  }

  /// The operator's claims, when they are.
  public var `operator`: OperatorClaims? {
    if case .operator(let claims) = self { claims } else { nil }
  }

  /// The account's claims, when they are.
  public var account: AccountClaims? {
    if case .account(let claims) = self { claims } else { nil }
  }

  /// The user's claims, when they are.
  public var user: UserClaims? {
    if case .user(let claims) = self { claims } else { nil }
  }

  /// The activation, when it is one.
  public var activation: ActivationClaims? {
    if case .activation(let claims) = self { claims } else { nil }
  }

  /// The generic claims, when they are.
  public var generic: GenericClaims? {
    if case .generic(let claims) = self { claims } else { nil }
  }
}
