import Synchronization

/// What clients must show for what, and how it is judged.
public final class AccessPolicy: Sendable {
  /// What became of a request.
  enum Decision: Sendable, Hashable {
    case allowed
    /// Nothing was shown that could do.
    case missing(AccessRequirement)
    /// A bearer token was shown that is not known.
    case wrongToken
  }

  /// The origins whose pages may read answers; `*` for any.
  public let origins: Set<String>
  private let requirements: [AccessAction: AccessRequirement]
  private let tokens: Mutex<BearerTokens>

  /// Creates a policy; what is not named is open, as with the peer, but lists, which the peer did not have, are for this machine alone.
  public init(_ requirements: [AccessAction: AccessRequirement] = [:], tokens: BearerTokens = BearerTokens(), origins: Set<String> = []) {
    self.origins = origins
    self.requirements = requirements
    self.tokens = Mutex(tokens)
  }

  /// Takes other bearer tokens from now on.
  public func set(_ tokens: BearerTokens) { self.tokens.withLock { $0 = tokens } }

  /// What must be shown for an action.
  func requirement(of action: AccessAction) -> AccessRequirement { requirements[action] ?? (action == .lists ? .local : .open) }

  /// Judges what a client shows: the bearer token of the request, if any, whether its connection has a verified certificate, and whether the
  /// request comes from this machine.
  func decide(_ action: AccessAction, token: Substring?, hasCertificate: Bool, isLocal: Bool) -> Decision {
    let requirement = requirement(of: action)
    if requirement == .open || (requirement == .local && isLocal) { return .allowed }
    if hasCertificate, requirement != .token { return .allowed }
    guard requirement != .certificate else { return .missing(requirement) }
    guard let token else { return .missing(requirement) }
    return tokens.withLock { $0 }.contains(token) ? .allowed : .wrongToken
  }
}
