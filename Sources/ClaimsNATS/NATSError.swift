/// Why something over NATS did not work. Two errors are equal when their codes are.
public struct NATSError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What kind of failure it is.
  public struct Code: Sendable, Hashable, CustomStringConvertible {
    /// The code's name, as logs show it.
    public let description: String

    private init(_ name: String) { description = name }

    /// A server's URL cannot be used.
    public static let invalidURL = Code("invalid_url")
    /// The credentials file cannot be used.
    public static let credentials = Code("credentials")
    /// The file of certificate authorities cannot be used.
    public static let certificateAuthority = Code("certificate_authority")
    /// No server answers at the address.
    public static let unreachable = Code("unreachable")
    /// The server did not answer in time.
    public static let timeout = Code("timeout")
    /// The server refuses the user.
    public static let unauthorized = Code("unauthorized")
    /// TLS failed: a certificate that is not trusted, or one side without TLS.
    public static let tls = Code("tls")
    /// Messages came faster than they were taken, and the library dropped some.
    public static let slow = Code("slow")
    /// The connection is closed.
    public static let closed = Code("closed")
    /// The user may not publish what is to be published.
    public static let notPermitted = Code("not_permitted")
    /// The user does not belong to the system account.
    public static let notSystemAccount = Code("not_system_account")
    /// The server closed the connection because a message was larger than the user's account may send.
    public static let payloadViolation = Code("payload_violation")
    /// Anything else.
    public static let other = Code("other")
  }

  /// What kind of failure it is.
  public let code: Code
  /// What went wrong, in words that hold no secret.
  public let message: String

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The message.
  public var description: String { message }

  /// Equality by code.
  public static func == (left: NATSError, right: NATSError) -> Bool { left.code == right.code }

  /// Hashes the code.
  public func hash(into hasher: inout Hasher) { hasher.combine(code) }
}
