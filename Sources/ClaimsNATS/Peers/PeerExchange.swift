import Claims
import ClaimsRegistry
import ClaimsStore
import Logging
import Nkeys
import Synchronization

/// Keeps several servers of ours at one state: each tells the hash of what it holds, and asks those whose hash is another for what differs.
///
/// What comes is merged through admission, in the total order of an account's states, tombstones included.
final class PeerExchange: Sendable {
  /// Where each tells its hash: `<id> <hash>`.
  static let beacon = "NATS_CLAIMS.STATE"
  /// Where one is asked for what differs; the payload are the hashes of the asker's parts.
  static let question = "NATS_CLAIMS.DIFFERENCE."
  /// How reply tokens of these questions begin.
  static let prefix = "peer-"

  private enum Signal: Sendable {
    /// Somebody's words about the hash of its state.
    case beacon([UInt8])
    case told(InboxMessage)
    case changed
    case tick
  }

  private static let largestBeacon = 256
  private static let chunk = 256
  private static let patience = Duration.seconds(10)
  private static let mostShown = 20

  private let id: String
  private let registry: Registry
  private let link: CurrentLink
  private let interval: Duration
  private let logger: Logger
  /// Counts peers that had to make room for others.
  private let passedOver: DropCount
  private let box: Mailbox<Signal>
  /// Questions of others: answering takes long, and must not hold up what others tell us.
  private let questions: Mailbox<(reply: String, theirs: [UInt8])>

  /// `id` is what others know this server by.
  init(id: String, registry: Registry, link: CurrentLink, interval: Duration, logger: Logger, drops: DropCount, passedOver: DropCount) {
    box = Mailbox(capacity: 65_536, drops: drops)
    questions = Mailbox(capacity: 64, drops: drops)
    self.id = id
    self.registry = registry
    self.link = link
    self.interval = interval
    self.logger = logger
    self.passedOver = passedOver
  }

  var subscriptions: [Subscription] { [Subscription(subject: Self.beacon), Subscription(subject: Self.question + id)] }

  /// Takes a message, from any thread; false when it is none of these.
  func hear(_ message: NATSMessage) -> Bool {
    if message.subject == Self.beacon {
      if message.payload.count <= Self.largestBeacon { box.put(.beacon(message.payload), bytes: message.payload.count) }
      return true
    }
    guard message.subject == Self.question + id else { return false }
    if let reply = message.reply { questions.put((reply, message.payload), bytes: message.payload.count) }
    return true
  }

  /// Takes a reply to a question, from any thread; false when it is none of these.
  func receive(_ message: InboxMessage) -> Bool {
    guard message.token.hasPrefix(Self.prefix) else { return false }
    box.put(.told(message), bytes: message.payload.count)
    return true
  }

  /// Exchanges until ``stop()``.
  func run() async {
    await withDiscardingTaskGroup { group in
      group.addTask { await self.box.put(.tick, every: self.interval) }
      group.addTask {
        var hash = StateHashCache()
        await self.questions.empty { asked in
          for (reply, bytes) in asked {
            if let theirs = StateHash(bytes) { await self.answer(reply, theirs, hash.current(of: self.registry)) }
          }
        }
      }
      group.addTask { for await _ in self.registry.store.signal.stream() { self.box.put(.changed) } }
      var asked = PeerQuestions()
      var hash = StateHashCache()
      var told: [UInt8] = []
      var counted = 0
      await box.empty { signals in
        var lines: [InboxMessage] = []
        for signal in signals {
          switch signal {
          case .tick: told = await self.tell(hash.current(of: self.registry))
          case .beacon(let words):
            guard let (peer, theirs) = Self.beacon(words) else { continue }
            let token = QuestionToken.next(after: Self.prefix)
            let own = hash.current(of: self.registry).whole
            guard peer != self.id, asked.heard(peer, hash: theirs, own: own, token: token, at: .now) else { continue }
            await self.ask(peer, as: token, hash.current(of: self.registry))
          case .told(let message): lines.append(message)
          case .changed: break
          }
        }
        await self.take(lines, &asked)
        // Others hear of a change at once, as far as looking for it is cheap.
        if asked.book.count > 0, hash.current(of: self.registry).whole != told { told = await self.tell(hash.current(of: self.registry)) }
        asked.look(at: .now)
        self.passedOver.add(asked.book.passedOver - counted)
        counted = asked.book.passedOver
        self.show(asked.book)
      }
      group.cancelAll()
    }
  }

  /// Ends ``run()``.
  func stop() {
    box.close()
    questions.close()
  }

  /// Tells our hash soon: there is a new connection.
  func hurry() { box.put(.tick) }

  /// Tells our hash, and gives it back.
  private func tell(_ hash: StateHash) async -> [UInt8] {
    let whole = hash.whole
    let hex = whole.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    await link.send([Publication(subject: Self.beacon, replyToken: nil, payload: Array("\(id) \(hex)".utf8))], logger)
    return whole
  }

  private func ask(_ peer: String, as token: String, _ hash: StateHash) async {
    guard peer.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "*") && $0 != UInt8(ascii: ">") })
    else { return }
    await link.send([Publication(subject: Self.question + peer, replyToken: token, payload: hash.bytes)], logger)
  }

  /// Tells what we hold in the parts that differ, and ends with an empty message.
  private func answer(_ reply: String, _ theirs: StateHash, _ hash: StateHash) async {
    guard let connection = link.connection else { return }
    let now = registry.clock.seconds
    let differing = Set(hash.differing(from: theirs))
    var accounts: [AccountKey] = []
    for part in 0..<AccountIndex.parts {
      registry.store.index.forEach(inPart: part) { key, entry in
        if differing.contains(key.withUnsafeBytes { Int($0[0]) }), entry.isShared(at: now), let account = AccountKey(raw: key) {
          accounts.append(account)
        }
      }
    }
    do {
      var rest = accounts[...]
      while !rest.isEmpty {
        var lines: [(account: AccountKey, line: Publication)] = []
        for account in rest.prefix(Self.chunk) {
          guard let state = try await registry.peerState(of: account) else { continue }
          lines.append((account, Publication(subject: reply, replyToken: nil, payload: PeerText.line(state))))
        }
        let outcomes = try await connection.publish(lines.map(\.line), within: Self.patience)
        for (told, outcome) in zip(lines, outcomes) where outcome != .sent {
          logger.warning(
            "a peer cannot be told of an account: its token is larger than the nats-server takes; raise its max_payload",
            metadata: ["account": "\(told.account)", "bytes": "\(told.line.payload.count)"])
        }
        rest = rest.dropFirst(Self.chunk)
      }
      _ = try await connection.publish([Publication(subject: reply, replyToken: nil, payload: [])], within: Self.patience)
    } catch {
      logger.warning("a peer could not be told what differs; it asks again", metadata: ["reason": "\(error)"])
    }
  }

  /// Merges what peers told, many at once: the store takes what comes together in one commit.
  private func take(_ messages: [InboxMessage], _ asked: inout PeerQuestions) async {
    var rest = messages[...]
    while !rest.isEmpty {
      let share = rest.prefix(Self.chunk)
      rest = rest.dropFirst(Self.chunk)
      let lines = share.filter { !Self.isLast($0) }.compactMap { line in asked.peer(asked: line.token).map { (line, $0) } }
      for (token, outcome) in await merge(lines) {
        asked.told(token, taken: outcome.taken, refused: outcome.refused, isLast: false, at: .now)
      }
      for message in share { asked.told(message.token, taken: 0, isLast: Self.isLast(message), at: .now) }
    }
  }

  private static func isLast(_ message: InboxMessage) -> Bool { message.payload.isEmpty || message.isNoResponders }

  /// What became of a question's replies.
  private struct Merged: Sendable {
    var taken = 0
    var refused: [AccountKey: String] = [:]
  }

  /// What became of the replies, by the question that they answer.
  private func merge(_ lines: [(message: InboxMessage, peer: String)]) async -> [String: Merged] {
    await withTaskGroup(of: (String, AccountKey, MergeOutcome)?.self, returning: [String: Merged].self) { [registry] group in
      for (message, peer) in lines {
        group.addTask {
          guard let state = PeerText.state(message.payload) else { return nil }
          return (message.token, state.account, await registry.merge(state, by: Requester.peer(String(peer.prefix(64)))))
        }
      }
      var merged: [String: Merged] = [:]
      for await result in group {
        guard let (token, account, outcome) = result else { continue }
        switch outcome {
        case .taken: merged[token, default: Merged()].taken += 1
        // The store's own trouble says nothing about the claims, nor does that of a server that only reads.
        case .refused(let refusal) where refusal.code.isAboutClaims:
          merged[token, default: Merged()].refused[account] = refusal.message
        case .refused, .kept: break
        }
      }
      return merged
    }
  }

  private func show(_ book: PeerBook) {
    let all = book.disagreements
    var texts = all.prefix(Self.mostShown).map {
      "\($0.account) is another at the server of ours with the id \(NATSError.printable(String($0.peer.prefix(64)))): \($0.reason)"
    }
    if all.count > texts.count { texts.append("and \(all.count - texts.count) more") }
    registry.warnings.set(.disagreements, texts)
  }

  /// The peer and its hash in a beacon; nil when it is none.
  private static func beacon(_ payload: [UInt8]) -> (peer: String, hash: [UInt8])? {
    let words = String(decoding: payload, as: UTF8.self).split(separator: " ")
    guard words.count == 2, let hash = bytes(ofHex: words[1]) else { return nil }
    return (String(words[0]), hash)
  }

  private static func bytes(ofHex text: Substring) -> [UInt8]? {
    guard text.utf8.count == 2 * TokenDigest.count else { return nil }
    var bytes: [UInt8] = []
    var rest = text
    while !rest.isEmpty {
      guard let byte = UInt8(rest.prefix(2), radix: 16) else { return nil }
      bytes.append(byte)
      rest = rest.dropFirst(2)
    }
    return bytes
  }
}
