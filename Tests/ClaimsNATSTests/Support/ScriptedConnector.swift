import Synchronization

@testable import ClaimsNATS

/// A connector that does what a test says, attempt by attempt; the last step is repeated.
final class ScriptedConnector: NATSConnector {
  enum Step: Sendable {
    case fail(NATSError)
    case connect(ScriptedConnection)
    /// The attempt hangs until the gate opens, then connects.
    case hang(Gate, ScriptedConnection)
  }

  private let state: Mutex<(steps: [Step], attempts: [ServerAddress])>

  init(_ steps: [Step]) {
    state = Mutex((steps, []))
  }

  /// The servers that were tried, in order.
  var attempts: [ServerAddress] { state.withLock { $0.attempts } }

  func connect(
    to server: ServerAddress, listening subscriptions: [Subscription], events: @escaping @Sendable (ConnectionEvent) -> Void
  ) async throws(NATSError) -> any NATSConnection {
    let step = state.withLock { state in
      state.attempts.append(server)
      return state.steps.count > 1 ? state.steps.removeFirst() : state.steps[0]
    }
    switch step {
    case .fail(let error): throw error
    case .connect(let connection):
      connection.listen(events)
      return connection
    case .hang(let gate, let connection):
      await gate.wait()
      connection.listen(events)
      return connection
    }
  }
}

/// Something to wait for that a test opens.
final class Gate: Sendable {
  private let stream: AsyncStream<Void>
  private let source: AsyncStream<Void>.Continuation

  init() {
    (stream, source) = AsyncStream.makeStream()
  }

  func open() {
    source.finish()
  }

  func wait() async {
    for await _ in stream {}
  }
}

/// A connection that does what a test says.
final class ScriptedConnection: NATSConnection {
  /// What becomes of a batch of announcements.
  enum Answer: Sendable {
    case sent
    case fail(NATSError)
    /// Nothing, until the connection is closed.
    case hang
  }

  private struct State {
    var answers: [Answer]
    var published: [Publication] = []
    var questions: [Publication] = []
    var closes = 0
    var events: (@Sendable (ConnectionEvent) -> Void)?
  }

  let serverID = "NSCRIPTED"
  let clientID: Int64? = 1
  let maximumPayload = 1_048_576

  private let state: Mutex<State>
  private let closing = Gate()
  private let answersPing: Bool
  /// What servers reply to a question, each by one payload.
  private let reply: @Sendable (Publication) -> [[UInt8]]

  /// Answers batch by batch; the last answer is repeated.
  init(_ answers: [Answer] = [.sent], answersPing: Bool = true, reply: @escaping @Sendable (Publication) -> [[UInt8]] = { _ in [] }) {
    state = Mutex(State(answers: answers))
    self.answersPing = answersPing
    self.reply = reply
  }

  /// All announcements that came, confirmed or not.
  var published: [Publication] { state.withLock { $0.published } }
  /// All questions to servers that came.
  var questions: [Publication] { state.withLock { $0.questions } }
  var isClosed: Bool { state.withLock { $0.closes > 0 } }

  func listen(_ events: @escaping @Sendable (ConnectionEvent) -> Void) {
    state.withLock { $0.events = events }
  }

  func tell(_ event: ConnectionEvent) {
    state.withLock { $0.events }?(event)
  }

  func publish(_ batch: [Publication], within deadline: Duration) async throws(NATSError) -> [PublicationOutcome] {
    if batch.contains(where: { $0.subject == "$SYS.REQ.SERVER.PING" }) {
      tell(.message(InboxMessage(token: "ping", payload: Array("{}".utf8), isNoResponders: !answersPing)))
      return [.sent]
    }
    if batch.contains(where: { [DeleteService.subject, PackService.subject, PeerExchange.beacon].contains($0.subject) }) {
      // Resolvers and peers are told and asked beside the announcements; there are none here.
      return batch.map { _ in .sent }
    }
    if batch.contains(where: { [HolderQuery.subject, ClientQuery.subject].contains($0.subject) }) {
      // Which accounts servers hold at all is asked by itself, each round.
      state.withLock { $0.questions += batch.filter { !$0.payload.isEmpty } }
      for question in batch {
        for payload in reply(question) { tell(.message(InboxMessage(token: question.replyToken ?? "", payload: payload))) }
      }
      return batch.map { _ in .sent }
    }
    let answer = state.withLock { state in
      state.published += batch
      return state.answers.count > 1 ? state.answers.removeFirst() : state.answers[0]
    }
    switch answer {
    case .sent: return batch.map { _ in .sent }
    case .fail(let error): throw error
    case .hang:
      await closing.wait()
      throw .of(.closed)
    }
  }

  func send(_ batch: [Publication]) async throws(NATSError) -> [PublicationOutcome] { try await publish(batch, within: .seconds(1)) }

  func takeDropped() async -> Int { 0 }

  func close() async {
    state.withLock { $0.closes += 1 }
    closing.open()
  }
}
