public import Claims

/// The ordered, durable record of every change: the port that engines implement.
///
/// An engine promises: a transaction that returned is on stable storage; one that threw left nothing behind; sequences have no gaps; readers
/// see whole transactions. One suite of tests (`ChangeLogContract`) runs over every engine.
public protocol ChangeLog: Sendable {
  /// Runs `body` as one transaction and returns after its records are durable.
  ///
  /// - Parameter body: what to do; an error it throws undoes the whole transaction.
  /// - Returns: what `body` returned.
  /// - Throws: ``StoreError`` when the engine failed, else what `body` threw.
  func transaction<Result: Sendable>(_ body: @escaping @Sendable (any LogTransaction) throws -> Result) async throws -> Result

  /// Calls `body` with the newest record of every account, in no particular order.
  func forEachNewest(_ body: (ChangeRecord) throws -> Void) throws

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

  /// Flushes and closes the log.
  func close() throws
}

/// What can be done inside a transaction of the log.
public protocol LogTransaction {
  /// Appends a change and returns its record.
  func append(_ change: Change) throws -> ChangeRecord

  /// Whether the log holds a record of this account made by this very token.
  func contains(_ digest: TokenDigest, for account: AccountKey) throws -> Bool

  /// The newest record of this account that brought a token, that is: which is no tombstone.
  func newestToken(of account: AccountKey) throws -> ChangeRecord?
}
