import Claims
import ClaimsRegistry
import ClaimsStore
import Logging

/// Answers `$SYS.REQ.CLAIMS.PACK`: a message `<key>|<jwt>` for each account, then an empty one; only that when the asker has the same hash.
///
/// A part of the index at a time is sent and waited for, so that a million accounts take no more memory than a few.
struct PackService: Sendable {
  static let subject = "$SYS.REQ.CLAIMS.PACK"
  /// The queue group of all that answer: one of them does.
  static let queue = "responder"

  /// What another of ours is answered with instead of a pack.
  static let peerMark = Array("nats-claims".utf8)

  /// How long the server may take to read a chunk.
  private static let patience = Duration.seconds(10)

  let registry: Registry
  /// How many messages go out before the server is waited for.
  private let chunk: Int

  init(registry: Registry, chunk: Int = 512) {
    self.registry = registry
    self.chunk = chunk
  }

  /// Sends the pack; stops when the connection does.
  ///
  /// - Throws: ``NATSError``, also when a token is larger than the server takes, after the others were sent; or `Refusal` when the log cannot give a
  ///   token. The end is not sent then, so that nobody takes a part for the whole.
  func answer(_ request: NATSMessage, over connection: any NATSConnection) async throws {
    guard let reply = request.reply else { return }
    if ResolverSync.isOwn(reply) {
      // Another of ours looks for resolvers: with us it exchanges what differs in its own way, tombstones included.
      let answer = [Self.peerMark, []].map { Publication(subject: reply, replyToken: nil, payload: $0) }
      _ = try await connection.publish(answer, within: Self.patience)
      return
    }
    let now = registry.clock.seconds
    // Most ask with nothing, and want everything.
    let isSame = request.payload.count == TokenDigest.count && request.payload == StoreHash(registry.store.index, now: now).bytes
    if !isSame {
      var tooLarge: AccountKey?
      for part in 0..<AccountIndex.parts { tooLarge = try await send(part, to: reply, now: now, over: connection) ?? tooLarge }
      if let tooLarge {
        throw NATSError(.payloadViolation, "the token of \(tooLarge) is larger than the nats-server takes: raise its max_payload")
      }
    }
    _ = try await connection.publish([Publication(subject: reply, replyToken: nil, payload: [])], within: Self.patience)
  }

  /// Sends a part, and gives an account whose token was too large for a message.
  private func send(_ part: Int, to reply: String, now: Int64, over connection: any NATSConnection) async throws -> AccountKey? {
    var tooLarge: AccountKey?
    var accounts: [AccountKey] = []
    registry.store.index.forEach(inPart: part) { key, entry in
      if entry.isPacked(at: now), let account = AccountKey(raw: key) { accounts.append(account) }
    }
    var rest = accounts[...]
    while !rest.isEmpty {
      let messages = try rest.prefix(chunk).compactMap { account -> (account: AccountKey, line: Publication)? in
        // What was deleted meanwhile is left out.
        guard let token = try registry.current(account)?.token else { return nil }
        return (account, Publication(subject: reply, replyToken: nil, payload: Array("\(account)|".utf8) + token.bytes))
      }
      let outcomes = try await connection.publish(messages.map(\.line), within: Self.patience)
      tooLarge = zip(messages, outcomes).first { $0.1 != .sent }?.0.account ?? tooLarge
      rest = rest.dropFirst(chunk)
    }
    return tooLarge
  }
}
