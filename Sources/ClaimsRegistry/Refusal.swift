import Claims

/// Why a change was refused, or could not be made.
///
/// The message is one clear line (validation issues: a list) that says what was wrong and what to do; it is safe for strangers.
public struct Refusal: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kinds of refusal. New ones may be added.
  public struct Code: Sendable, Hashable, CustomStringConvertible {
    /// The code's name, as metrics and logs show it.
    public let name: String

    private init(_ name: String) { self.name = name }

    /// The name.
    public var description: String { name }

    /// Not a token, not of the type asked for, or its signature is wrong.
    public static let badToken = Code("bad_token")
    /// A token that breaks a strictness rule of ours although the reference would take it.
    public static let notStrict = Code("not_strict")
    /// The token is about another account than the request.
    public static let wrongSubject = Code("wrong_subject")
    /// An account signed by its own key, which needs a signing service.
    public static let selfSigned = Code("self_signed")
    /// Signed by a key that may not sign accounts.
    public static let wrongIssuer = Code("wrong_issuer")
    /// Signed by an operator that is not trusted here.
    public static let untrustedIssuer = Code("untrusted_issuer")
    /// Signed by the operator's identity key although it demands signing keys.
    public static let signingKeyRequired = Code("signing_key_required")
    /// The account belongs to another operator than the one that signed.
    public static let foreignOperator = Code("foreign_operator")
    /// Expired, not yet valid, or invalid in its content.
    public static let invalidClaims = Code("invalid_claims")
    /// A token of version 1 where these are not allowed.
    public static let version1 = Code("version_1")
    /// Issued later than our clock allows.
    public static let fromTheFuture = Code("from_the_future")
    /// Older than what is stored.
    public static let older = Code("older")
    /// This very token was replaced by another already.
    public static let superseded = Code("superseded")
    /// The account was deleted and the token is not newer.
    public static let deleted = Code("deleted")
    /// Nothing is stored for the account.
    public static let unknownAccount = Code("unknown_account")
    /// An account that is to be undeleted is not deleted.
    public static let notDeleted = Code("not_deleted")
    /// The server only reads the directory.
    public static let readOnly = Code("read_only")
    /// The delete claim did its work before.
    public static let deleteUsed = Code("delete_used")
    /// The delete claim names a system account.
    public static let systemAccount = Code("system_account")
    /// The claims were given to a signing service, which did not sign them yet.
    public static let pending = Code("pending")
    /// The token is larger than any may be.
    public static let tooLarge = Code("too_large")
    /// The disk is full.
    public static let diskFull = Code("disk_full")
    /// The store cannot write now.
    public static let unavailable = Code("unavailable")
  }

  /// What was wrong.
  public let code: Code
  /// The line for whoever asked.
  public let message: String

  /// Creates a refusal. What the message quotes may come from anyone: control characters are replaced, and it is cut at 1000 characters.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = PlainText.line(message, limit: 1000)
  }

  /// Creates the refusal of invalid claims, in the peer's words to the letter: tools print them.
  init(issues: [String], of type: ClaimType) {
    let shown = 100
    let more = issues.count > shown ? ["and \(issues.count - shown) more"] : []
    let lines = (issues.prefix(shown) + more).map { "\t - \(PlainText.line($0, limit: 1000))\n\n" }
    code = .invalidClaims
    message = "The server was unable to update your \(type.rawValue) JWT. One more more validation issues occurred.\n" + lines.joined()
  }

  /// The message.
  public var description: String { message }

  /// Equal codes make equal refusals.
  public static func == (left: Refusal, right: Refusal) -> Bool { left.code == right.code }

  /// Hashes the code.
  public func hash(into hasher: inout Hasher) { hasher.combine(code) }
}
