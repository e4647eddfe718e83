import Claims
import ClaimsRegistry
import ClaimsStore
import Logging
import Nkeys
import Synchronization

/// Keeps full resolvers at what is stored: asks for their pack from time to time, takes what is newer through admission, and corrects the rest by
/// updates and delete claims. Equal states exchange a hash and an empty message.
///
/// Resolvers know no generations, and skip a token of the same jti in a pack; so a token of theirs counts only if it is newer, and what they hold
/// otherwise is corrected by an update, which they take.
final class ResolverSync: Sendable {
  /// How reply tokens of these requests begin.
  static let prefix = "pack-"

  private enum Signal: Sendable {
    case told(InboxMessage)
    case deleted(AccountKey)
    /// What resolvers answered to the delete claim of an account: the words of one that refuses it, or nil.
    case answered(AccountKey, String?)
    case tick
    /// There is a new connection.
    case connected
  }

  private static let chunk = 256
  private static let deletionsTogether = 64
  private static let closingPause = Duration.seconds(1)
  private static let lookupPatience = Inquiry.Patience(quiet: .milliseconds(200), longest: .seconds(1), takesFirst: false)
  /// Accounts that resolvers are told of in one round.
  private static let mostTold = 1024

  private let registry: Registry
  private let link: CurrentLink
  private let questions: ServerQuestions
  private let interval: Duration
  private let logger: Logger
  private let announce: @Sendable (AccountKey) -> Void
  private let drops: DropCount
  /// Counts what resolvers were not told of for want of room.
  private let passedOver: DropCount
  /// Deleted accounts whose closing claims went out.
  private let closed: AgainList
  private let others = Mutex(OtherResolvers())
  private let box: Mailbox<Signal>
  /// Accounts whose delete claims are to be sent on: resolvers answer in their own time, and packs must not wait for them.
  private let deletions: Mailbox<AccountKey>

  init(
    registry: Registry, link: CurrentLink, questions: ServerQuestions, interval: Duration, logger: Logger,
    drops: DropCount, passedOver: DropCount, announce: @escaping @Sendable (AccountKey) -> Void
  ) {
    self.registry = registry
    self.link = link
    self.questions = questions
    self.interval = interval
    self.logger = logger
    self.announce = announce
    self.drops = drops
    self.passedOver = passedOver
    closed = AgainList(drops: passedOver)
    box = Mailbox(capacity: 262_144, drops: drops)
    deletions = Mailbox(capacity: 65_536, drops: passedOver)
  }

  /// Whether an answer to such a request goes to one of ours.
  static func isOwn(_ reply: String) -> Bool { reply.split(separator: ".").last?.hasPrefix(prefix) ?? false }

  /// Takes a reply, from any thread; false when it is none of these.
  func receive(_ message: InboxMessage) -> Bool {
    guard message.token.hasPrefix(Self.prefix) else { return false }
    box.put(.told(message), bytes: message.payload.count)
    return true
  }

  /// An account was deleted here: resolvers are told.
  func deleted(_ account: AccountKey) { box.put(.deleted(account)) }

  /// Closing claims of a deleted account went out: a resolver that obeyed its delete claim has a file of it again. However often that happens, the
  /// delete claim follows within a second, once for all that it names and whose closing claims went out meanwhile.
  func closed(_ account: AccountKey) { closed.add(account) }

  /// Compares until ``stop()``.
  func run() async {
    await withDiscardingTaskGroup { group in
      group.addTask { await self.box.put(.tick, every: self.interval) }
      group.addTask { await self.deletions.empty { await self.sendDeletions($0) } }
      group.addTask { await self.followClosing() }
      var rounds = ResolverRounds()
      var refusals: [AccountKey: String] = [:]
      var counted = 0
      await box.empty { signals in
        var messages: [InboxMessage] = []
        for signal in signals {
          switch signal {
          case .told(let message): messages.append(message)
          case .deleted(let account): self.tellDeletion(of: account, &rounds)
          case .answered(let account, let words): refusals[account] = words
          case .connected, .tick:
            // A question without a connection goes nowhere, and one over the last connection is not answered any more.
            guard self.link.connection != nil else { continue }
            if case .connected = signal { rounds.abandon() }
            self.others.withLock { $0.begin() }
            await self.begin(&rounds)
          }
        }
        await self.take(messages, &rounds)
        refusals = refusals.filter { rounds.isOpen($0.key) }
        self.passedOver.add(rounds.passedOver - counted)
        counted = rounds.passedOver
        self.tell(rounds, refusals)
      }
      group.cancelAll()
    }
  }

  private func followClosing() async {
    while !Task.isCancelled {
      do { try await Task.sleep(for: Self.closingPause) } catch { return }
      for account in closed.take() { deletions.put(account) }
    }
  }

  /// Ends ``run()``.
  func stop() {
    box.close()
    deletions.close()
  }

  /// Asks soon: there is a new connection.
  func hurry() { box.put(.connected) }

  private func begin(_ rounds: inout ResolverRounds) async {
    let announced: Int64
    do {
      announced = try await registry.store.log.cursor(of: Announcer.reader)
    } catch {
      logger.error("resolvers are not compared: the log cannot be read", metadata: ["error": "\(error)"])
      return
    }
    let token = QuestionToken.next(after: Self.prefix)
    let own = StoreHash(registry.store.index, now: registry.clock.seconds)
    if let hash = rounds.begin(token, own: own, announced: announced, drops: drops.value, at: .now) { await ask(token, hash) }
  }

  private func ask(_ token: String, _ hash: StoreHash) async {
    await link.send([Publication(subject: PackService.subject, replyToken: token, payload: hash.bytes)], logger)
  }

  // MARK: What a pack holds

  private func take(_ messages: [InboxMessage], _ rounds: inout ResolverRounds) async {
    var rest = messages[...]
    while !rest.isEmpty {
      let share = rest.prefix(Self.chunk).filter { rounds.isOpen($0.token) }
      rest = rest.dropFirst(Self.chunk)
      guard !share.isEmpty else { continue }
      rounds.heard(at: .now)
      if share.contains(where: { $0.payload == PackService.peerMark }) { rounds.isPeers() }
      let lines = share.filter { !$0.payload.isEmpty && !$0.isNoResponders && $0.payload != PackService.peerMark }.map(\.payload)
      for line in lines { if let digest = Self.digest(line) { rounds.got(digest) } }
      for (account, verdict) in await compare(lines.compactMap(Self.entry)) { judge(account, verdict, &rounds) }
      guard share.contains(where: { $0.payload.isEmpty }) else { continue }
      switch rounds.end(drops: drops.value, next: QuestionToken.next(after: Self.prefix), at: .now) {
      case .again(let token): if let hash = rounds.question { await ask(token, hash) }
      case .whole(let seen, let announced): tellMissing(seen, announced, &rounds)
      case .same, .part, nil: break
      }
    }
  }

  private func judge(_ account: AccountKey, _ verdict: ResolverVerdict, _ rounds: inout ResolverRounds) {
    switch verdict {
    case .same: rounds.agreed(account)
    case .taken: rounds.took(account)
    case .foreign(let reason): rounds.isForeign(account, reason)
    case .other(let digest):
      let sequence = registry.store.index.bareEntry(of: account.raw)?.sequence ?? 0
      if rounds.differs(account, .token(digest), sequence: sequence, at: .now) { announce(account) }
    case .deleted(let digest): if rounds.differs(account, .deletion(digest), at: .now) { deletions.put(account) }
    }
  }

  /// The digest of a line's token, as the resolver counts it in its hash.
  private static func digest(_ line: [UInt8]) -> TokenDigest? {
    line.firstIndex(of: UInt8(ascii: "|")).map { Token(Array(line[($0 + 1)...])).digest }
  }

  private static func entry(_ line: [UInt8]) -> (account: AccountKey, token: Token)? {
    let parts = line.split(separator: UInt8(ascii: "|"), maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, parts[1].count <= Token.maximumSize, let account = try? AccountKey(String(decoding: parts[0], as: UTF8.self))
    else { return nil }
    return (account, Token(Array(parts[1])))
  }

  private func compare(_ entries: [(account: AccountKey, token: Token)]) async -> [(AccountKey, ResolverVerdict)] {
    await withTaskGroup(of: (AccountKey, ResolverVerdict).self) { group in
      for (account, token) in entries { group.addTask { (account, await self.compare(account, token)) } }
      return await group.reduce(into: []) { $0.append($1) }
    }
  }

  private func compare(_ account: AccountKey, _ token: Token) async -> ResolverVerdict {
    let own = registry.store.index.bareEntry(of: account.raw)?.version
    // Nearly always it is what is stored: nothing needs to be read then.
    if let own, !own.isDeleted, own.digest == token.digest { return .same }
    if let verdict = ResolverVerdict.byOrder(own, digest: token.digest, iat: token.unverified?.iat) { return verdict }
    guard !registry.store.options.isReadOnly else { return .same }
    var reason = ""
    for candidate in OtherResolvers.inOrder(await otherResolversTokens(of: account, own: own?.digest) + [token]) {
      do throws(Refusal) {
        let outcome = try await registry.pushElsewhere(candidate, expected: account, by: .peer("resolver"))
        if case .stored = outcome { return .taken }
        if candidate == token { reason = HeldClaims.closingText }
      } catch {
        guard error.code.isAboutClaims else { return .same }
        if candidate == token { reason = error.message }
      }
    }
    return .refused(reason, own: own)
  }

  /// What other resolvers have of an account that one has newer than it is here.
  private func otherResolversTokens(of account: AccountKey, own: TokenDigest?) async -> [Token] {
    guard others.withLock({ $0.areAsked }) else { return [] }
    do throws(NATSError) {
      let replies = try await questions.ask(LookupService.subject(of: account), [[]], patience: Self.lookupPatience).first ?? []
      let tokens = replies.filter { !$0.isNoResponders }.map { Token($0.payload).withoutTrailingLineFeed }
      others.withLock { $0.answered(tokens.count, isStored: own != nil) }
      return tokens.filter { !$0.bytes.isEmpty && $0.digest != own }
    } catch {
      logger.debug("resolvers could not be asked for an account", metadata: ["account": "\(account)", "reason": "\(error.message)"])
      return []
    }
  }

  // MARK: What resolvers are told

  private func tellMissing(_ seen: Set<AccountKey>, _ announced: Int64, _ rounds: inout ResolverRounds) {
    let now = registry.clock.seconds
    var missing: [(account: AccountKey, digest: TokenDigest)] = []
    for part in 0..<AccountIndex.parts where missing.count < Self.mostTold {
      registry.store.index.forEach(inPart: part) { key, entry in
        guard entry.isPacked(at: now), entry.sequence <= announced, let account = AccountKey(raw: key), !seen.contains(account) else {
          return
        }
        missing.append((account, entry.digest))
      }
    }
    for (account, digest) in missing.prefix(Self.mostTold) where rounds.mayTell(account, .token(digest), at: .now) {
      rounds.toldOfMissing()
      announce(account)
    }
  }

  private func tellDeletion(of account: AccountKey, _ rounds: inout ResolverRounds) {
    guard let entry = registry.store.index.bareEntry(of: account.raw), entry.isDeleted,
      rounds.mayTell(deletion: entry.digest, of: account, at: .now)
    else { return }
    deletions.put(account)
  }

  /// Sends the delete claims of tombstones on.
  private func sendDeletions(_ accounts: [AccountKey]) async {
    let index = registry.store.index
    // One claim may name thousands of accounts: it is read once for all of them.
    var byClaim: [TokenDigest: [AccountKey]] = [:]
    for account in Set(accounts) {
      if let own = index.bareEntry(of: account.raw), own.isDeleted { byClaim[own.digest, default: []].append(account) }
    }
    var deletions = DeletionsToSend()
    for (digest, accounts) in byClaim {
      guard let claim = await claim(digest, of: accounts) else { continue }
      deletions.add(claim, of: accounts) { index.bareEntry(of: $0.raw)?.isDeleted ?? false }
    }
    for account in deletions.kept { box.put(.answered(account, DeletionsToSend.keptText)) }
    var rest = deletions.claims[...]
    while !rest.isEmpty {
      let share = Array(rest.prefix(Self.deletionsTogether))
      rest = rest.dropFirst(share.count)
      let replies: [[InboxMessage]]
      do throws(NATSError) {
        replies = try await questions.ask(DeleteService.subject, share.map(\.token.bytes))
      } catch {
        // The next round finds what resolvers still hold.
        logger.warning("resolvers could not be told of deletions", metadata: ["accounts": "\(share.count)", "reason": "\(error.message)"])
        continue
      }
      for (claim, answers) in zip(share, replies) {
        let words = answers.compactMap(Self.refusal).first
        for account in claim.accounts { box.put(.answered(account, words)) }
      }
      registry.held.hurry()
    }
  }

  /// The delete claim with this digest, from the first of its accounts that still has it.
  private func claim(_ digest: TokenDigest, of accounts: [AccountKey]) async -> Token? {
    for account in accounts {
      do {
        if let state = try await registry.peerState(of: account), state.isDeleted, state.token.digest == digest { return state.token }
      } catch {
        logger.error("a delete claim cannot be read to be sent on", metadata: ["account": "\(account)", "error": "\(error)"])
      }
    }
    return nil
  }

  /// The words of a resolver that refuses a delete claim.
  private static func refusal(_ reply: InboxMessage) -> String? {
    guard !reply.isNoResponders, let answer = try? JSONReader().read(reply.payload), let server = ServerInfo(answer), !server.isOurs,
      let error = answer["error"]?["description"]?.text
    else { return nil }
    return "\(server.label): \(NATSError.printable(error))"
  }

  private func tell(_ rounds: ResolverRounds, _ refusals: [AccountKey: String]) {
    let back = Set(refusals.keys.filter { registry.lookup($0) != nil })
    let deletions = refusals.filter { !back.contains($0.key) }.sorted { $0.key < $1.key }.map {
      "a resolver keeps the account \($0.key), which is deleted here: \($0.value)"
    }
    let unhelped = rounds.unhelped.filter { refusals[$0] == nil }.map {
      "a resolver does not take what is stored of \($0): compare its directory, or its configuration"
    }
    let foreign = rounds.foreign.filter { registry.store.index.bareEntry(of: $0.key.raw) == nil }.sorted { $0.key < $1.key }.map {
      "a resolver has the account \($0.key), which is not stored here, with claims that are not taken: \(NATSError.printable($0.value))"
    }
    registry.warnings.set(.peers, deletions + unhelped + foreign)
  }
}
