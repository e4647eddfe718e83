public import Claims
import Foundation
public import Nkeys

/// An operator made for a test, with a signing key, able to sign whatever a test needs.
public struct TestAuthority: Sendable {
  /// The operator's identity key.
  public let identity: KeyPair
  /// Its signing key.
  public let signing: KeyPair
  /// The system account's key.
  public let system: KeyPair
  /// The operator's token.
  public let token: Token

  /// Makes an operator.
  public init(strict: Bool = false) throws {
    identity = try KeyPair.generate(.operator)
    signing = try KeyPair.generate(.operator)
    system = try KeyPair.generate(.account)
    let claims = Self.claims(of: identity, signing: [signing], system: system, strict: strict)
    token = try claims.signed(by: identity, at: TestTime.seconds - 1000)
  }

  /// The operator's token with one more signing key.
  public func token(adding key: KeyPair, iat: Int64 = TestTime.seconds) throws -> Token {
    try Self.claims(of: identity, signing: [signing, key], system: system, strict: false).signed(by: identity, at: iat)
  }

  private static func claims(of identity: KeyPair, signing: [KeyPair], system: KeyPair, strict: Bool) -> OperatorClaims {
    var claims = OperatorClaims(subject: KeyReference(identity.publicKey))
    claims.common.name = "test"
    claims.signingKeys = signing.map { KeyReference($0.publicKey) }
    claims.systemAccount = KeyReference(system.publicKey)
    claims.strictSigningKeyUsage = strict
    return claims
  }

  /// A new account key.
  public static func account() throws -> AccountKey {
    try AccountKey(KeyPair.generate(.account).publicKey)
  }

  /// Account claims, signed by the signing key.
  ///
  /// Tokens that differ in nothing else differ by their name.
  public func account(
    _ key: AccountKey, name: String = "account", iat: Int64 = TestTime.seconds, signer: KeyPair? = nil,
    _ edit: (inout AccountClaims) -> Void = { _ in }
  ) throws -> Token {
    var claims = AccountClaims(subject: KeyReference(key.publicKey))
    claims.common.name = name
    edit(&claims)
    return try claims.signed(by: signer ?? signing, at: iat)
  }

  /// Account claims of version 1, as old tools signed them: the payload alone.
  public func version1(_ key: AccountKey, name: String, header: String) throws -> Token {
    let payload = """
      {"iat":\(TestTime.seconds),"iss":"\(signing)","name":"\(name)","sub":"\(key)","type":"account","nats":{"limits":{"conn":-1}}}
      """
    return try version1(payload: payload, header: header)
  }

  /// A token whose signature covers the payload chunk alone.
  public func version1(payload: String, header: String) throws -> Token {
    let text = Self.base64url(Array(payload.utf8))
    let signature = try signing.sign(Array(text.utf8))
    return Token("\(Self.base64url(Array(header.utf8))).\(text).\(Self.base64url(signature))")
  }

  private static func base64url(_ bytes: [UInt8]) -> String {
    Data(bytes).base64EncodedString().replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
      .replacingOccurrences(of: "=", with: "")
  }

  /// A delete claim.
  public func deletion(
    of accounts: [AccountKey], iat: Int64 = TestTime.seconds, signer: KeyPair? = nil, subject: String? = nil, expires: Int64 = 0
  ) throws -> Token {
    let signer = signer ?? signing
    var claims = GenericClaims(subject: subject.map { KeyReference($0) } ?? KeyReference(signer.publicKey))
    claims.common.exp = expires
    claims.data = ClaimsMap([("type", .string("generic")), ("accounts", .array(accounts.map { .string($0.text) }))])
    return try claims.signed(by: signer, at: iat)
  }
}

/// An account that grants activations.
public struct TestExporter: Sendable {
  /// The account's identity key.
  public let pair: KeyPair
  /// Its signing key.
  public let signing: KeyPair
  /// The account.
  public let account: AccountKey

  /// Makes an account.
  public init() throws {
    pair = try KeyPair.generate(.account)
    signing = try KeyPair.generate(.account)
    account = try AccountKey(pair.publicKey)
  }

  /// The account's claims, which name the signing key.
  public func claims(by authority: TestAuthority, iat: Int64 = TestTime.seconds) throws -> Token {
    try authority.account(account, name: "exporter", iat: iat) { $0.signingKeys.add(KeyReference(signing.publicKey)) }
  }

  /// An activation for an account; signed by another key than the identity key it names the exporter.
  public func activation(
    for importer: AccountKey, subject: String = "private.>", iat: Int64 = TestTime.seconds, signer: KeyPair? = nil,
    _ edit: (inout ActivationClaims) -> Void = { _ in }
  ) throws -> Token {
    var claims = ActivationClaims(subject: KeyReference(importer.publicKey))
    claims.common.name = subject
    claims.subject = Subject(subject)
    claims.kind = .stream
    if signer != nil { claims.issuerAccount = KeyReference(account.publicKey) }
    edit(&claims)
    return try claims.signed(by: signer ?? pair, at: iat)
  }
}

/// The time at which tests happen.
public enum TestTime {
  /// Seconds since 1970.
  public static let seconds: Int64 = 1_795_000_000
}
