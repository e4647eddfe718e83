public import Claims

/// The ordered, durable record of every change: the port that engines implement.
///
/// An engine promises: a transaction that returned is on stable storage; one that threw left nothing behind; sequences have no gaps; readers
/// see whole transactions. One suite of tests (`ChangeLogContract`) runs over every engine.
public protocol ChangeLog: Sendable {
  /// Runs `body` as one transaction and returns after its records are durable. The caller's thread waits for that.
  ///
  /// - Parameter body: what to do; an error it throws undoes the whole transaction.
  /// - Returns: what `body` returned.
  /// - Throws: ``StoreError`` when the engine failed, else what `body` threw.
  func transaction<Result: Sendable>(_ body: @escaping @Sendable (any LogTransaction) throws -> Result) throws -> Result

  /// Makes sure, after a failure, that everything acknowledged is on stable storage and that the log can be written.
  ///
  /// - Throws: ``StoreError`` as long as that is not so.
  func prove() async throws

  /// Gives the engine a moment for its upkeep, behind a transaction whose records are acknowledged. The caller's thread waits.
  ///
  /// - Throws: ``StoreError`` when the engine failed; nothing that was acknowledged is touched by that.
  func tidy() throws

  /// Calls `body` with the newest change of every account. Older changes of an account may come before it, and accounts come in no particular
  /// order.
  func forEachNewest(_ body: (NewestChange) throws -> Void) throws

  /// The token of a record; nil when there is no such record, or its bytes were given up.
  func token(at sequence: Int64) throws -> Token?

  /// Calls `body` with the tokens of records; those that are not there are passed over.
  func forEachToken(at sequences: [Int64], _ body: (_ sequence: Int64, _ token: Token) throws -> Void) throws

  /// Whether the log holds a record of this account made by this very token.
  func knows(_ digest: TokenDigest, of account: AccountKey) throws -> Bool

  /// The newest record of an activation; nil when there is none of this hash.
  func activation(_ hash: ActivationHash) throws -> ChangeRecord?

  /// The records after a sequence, oldest first, at most `limit` of them.
  func changes(after sequence: Int64, limit: Int) async throws -> [ChangeRecord]

  /// The records of one account, newest first, at most `limit` of them.
  func history(of account: AccountKey, limit: Int) async throws -> [ChangeRecord]

  /// The last sequence in the log; 0 when it is empty.
  func lastSequence() async throws -> Int64

  /// How far the reader of this name has come; 0 when it has read nothing.
  func cursor(of reader: String) async throws -> Int64

  /// Notes how far a reader has come. It may be lost in a power cut: readers repeat what they did since.
  func setCursor(of reader: String, to sequence: Int64) async throws

  /// The operators that were noted last, in their order.
  func operators() async throws -> [OperatorRecord]

  /// Notes operators: those given are the trusted ones now; the marks of others are kept.
  func note(operators: [OperatorRecord]) async throws

  /// Gives up the bytes of accounts' old versions; records and hashes stay.
  ///
  /// A version is a token of somebody's: tombstones are not counted, and neither are closing claims, which go when the versions around them go.
  /// Activations are neither counted nor given up.
  /// So the token that an undelete brings back is kept, as is the newest.
  ///
  /// - Parameters:
  ///   - accounts: whose tokens to look at.
  ///   - versions: how many of an account's newest versions keep their bytes; at least 1.
  /// - Returns: how many tokens were given up.
  /// - Throws: ``StoreError`` when the engine failed.
  func giveUpVersions(of accounts: [AccountKey], keeping versions: Int) async throws -> Int

  /// Gives up the bytes of delete claims accepted before a time, oldest first; records and hashes stay.
  ///
  /// - Parameters:
  ///   - time: in milliseconds since 1970.
  ///   - limit: the most that are given up at once.
  /// - Returns: how many tokens were given up.
  /// - Throws: ``StoreError`` when the engine failed.
  func giveUpTombstones(before time: Int64, limit: Int) async throws -> Int

  /// Flushes and closes the log.
  func close() throws
}

/// An operator's token as the log keeps it, so that an older one is known when it comes back.
public struct OperatorRecord: Sendable, Hashable {
  /// The operator's identity key.
  public let key: String
  /// The token's `iat`, in seconds since 1970.
  public let iat: Int64
  /// The token.
  public let token: Token
  /// Whether the operator is trusted; the marks of former ones are kept.
  public let isTrusted: Bool

  /// Creates a record.
  public init(key: String, iat: Int64, token: Token, isTrusted: Bool = true) {
    self.key = key
    self.iat = iat
    self.token = token
    self.isTrusted = isTrusted
  }
}

/// What can be done inside a transaction of the log.
public protocol LogTransaction {
  /// Appends a change and returns its record.
  func append(_ change: Change) throws -> ChangeRecord

  /// Appends a change of kind `activation`, which is found by its hash from then on, and returns its record.
  func append(_ change: Change, as hash: ActivationHash) throws -> ChangeRecord

  /// The newest record of an activation; nil when there is none of this hash.
  func activation(_ hash: ActivationHash) throws -> ChangeRecord?

  /// Whether one of the records of an activation was made by this very token.
  func contains(_ digest: TokenDigest, as hash: ActivationHash) throws -> Bool

  /// Whether the log holds a record of this account made by this very token.
  func contains(_ digest: TokenDigest, for account: AccountKey) throws -> Bool

  /// When this account's newest record made by this very token was accepted, in milliseconds since 1970; nil when there is none.
  func acceptance(of digest: TokenDigest, for account: AccountKey) throws -> Int64?

  /// The newest record of this account that brought a token of somebody's: neither a tombstone nor the closing claims in front of one.
  func newestToken(of account: AccountKey) throws -> ChangeRecord?
}

extension ChangeLog {
  /// Does nothing: not every engine has upkeep.
  public func tidy() throws {}

  /// Reads the tokens one by one; an engine may know a cheaper way.
  public func forEachToken(at sequences: [Int64], _ body: (_ sequence: Int64, _ token: Token) throws -> Void) throws {
    for sequence in sequences {
      if let token = try token(at: sequence) { try body(sequence, token) }
    }
  }
}
