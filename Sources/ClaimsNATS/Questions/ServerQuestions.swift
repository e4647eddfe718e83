import Synchronization

/// Asks all nats-servers something, over the connection that announcements use, and gathers what they reply.
final class ServerQuestions: Sendable {
  /// How reply tokens of questions begin, so that they are told apart from those of announcements.
  static let prefix = "ask-"

  private struct State {
    var link: (any NATSConnection)?
    var next = 0
    var open: [Int: Inquiry] = [:]
  }

  /// How often it is looked whether an inquiry is over.
  private static let tick = Duration.milliseconds(20)

  private let drops: DropCount
  private let state = Mutex(State())

  /// Replies that a question has no room for are counted by `drops`.
  init(drops: DropCount = DropCount()) {
    self.drops = drops
  }

  func linkUp(_ connection: any NATSConnection) {
    state.withLock { $0.link = connection }
  }

  func linkDown() {
    state.withLock { $0.link = nil }
  }

  /// Asks, and waits until there is nothing more to wait for, whatever the connection does.
  ///
  /// - Parameters:
  ///   - subject: where servers listen.
  ///   - payloads: the questions.
  ///   - patience: how long to wait.
  /// - Returns: the replies to each question.
  /// - Throws: why the questions did not go out.
  func ask(
    _ subject: String, _ payloads: [[UInt8]], patience: Inquiry.Patience = .servers
  ) async throws(NATSError) -> [[InboxMessage]] {
    try await inquire(subject, payloads, patience: patience)?.replies ?? []
  }

  /// Asks in the same way, and tells also when the replies came; nil when nothing is known of the questions any more.
  func inquire(
    _ subject: String, _ payloads: [[UInt8]], patience: Inquiry.Patience
  ) async throws(NATSError) -> Inquiry? {
    guard let (link, number) = open(payloads.count, patience) else { throw NATSError(.closed, "there is no connection to NATS") }
    let publications = payloads.enumerated().map { place, payload in
      Publication(subject: subject, replyToken: "\(Self.prefix)\(number)-\(place)", payload: payload)
    }
    // Nobody waits for it: a server that does not read must not hold up whoever asks.
    let publishing = Task { await publish(publications, as: number, over: link, within: patience.longest) }
    while let inquiry = state.withLock({ $0.open[number] }), !inquiry.isOver(at: .now) {
      do { try await Task.sleep(for: Self.tick) } catch { break }
    }
    publishing.cancel()
    guard let inquiry = state.withLock({ $0.open.removeValue(forKey: number) }) else { return nil }
    drops.add(inquiry.passedOver)
    if let failure = inquiry.failure { throw failure }
    guard inquiry.isPublished else { throw NATSError(.timeout, "the nats-server did not read the question in time") }
    return inquiry
  }

  /// Takes a message from the inbox; one that nobody waits for any more is dropped.
  func receive(_ message: InboxMessage) {
    let parts = message.token.dropFirst(Self.prefix.count).split(separator: "-")
    guard parts.count == 2, let number = Int(parts[0]), let place = Int(parts[1]) else { return }
    state.withLock { $0.open[number]?.note(message, to: place, at: .now) }
  }

  private func open(_ questions: Int, _ patience: Inquiry.Patience) -> (link: any NATSConnection, number: Int)? {
    state.withLock { state in
      guard let link = state.link else { return nil }
      state.next += 1
      state.open[state.next] = Inquiry(questions: questions, patience: patience, at: .now)
      return (link, state.next)
    }
  }

  private func publish(_ publications: [Publication], as number: Int, over link: any NATSConnection, within time: Duration) async {
    do throws(NATSError) {
      _ = try await link.publish(publications, within: time)
      state.withLock { $0.open[number]?.published(at: .now) }
    } catch {
      state.withLock { $0.open[number]?.fail(error) }
    }
  }
}
