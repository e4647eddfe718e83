import Claims
import ClaimsRegistry
import ClaimsStore
import ClaimsTestSupport
import Logging
import Nkeys
import Synchronization
import Testing

@testable import ClaimsNATS

@Suite("Updates over NATS, while one of them waits for its signature")
struct ResponderTests {
  /// Where claims of one account come, and where all come.
  enum Door: String, CaseIterable {
    case account, everybody

    func subject(of account: AccountKey) -> String {
      self == .account ? "$SYS.REQ.ACCOUNT.\(account).CLAIMS.UPDATE" : UpdateService.subject
    }
  }

  private static let begin = TestTime.seconds

  private let authority: TestAuthority
  private let pair: KeyPair
  /// The account that signs its own claims.
  private let account: AccountKey
  private let folder: TemporaryFolder
  private let store: Store
  private let registry: Registry
  private let responder: Responder
  private let connection = ScriptedConnection()
  private let drops = DropCount()
  private let reports = Reports()
  private let gate = Gate()
  private let signing: ScriptedSigning

  /// What was told of claims that servers may have taken.
  private final class Reports: Sendable {
    private let state = Mutex<[(account: AccountKey, cause: Repairs.Cause)]>([])

    var foreign: [(account: AccountKey, cause: Repairs.Cause)] { state.withLock { $0 } }

    func note(_ event: SystemCore.Event) {
      if case .foreign(let account, let cause) = event { state.withLock { $0.append((account, cause)) } }
    }
  }

  /// A signing service that says nothing until the gate opens; then it refuses everything.
  init() throws {
    authority = try TestAuthority()
    pair = try KeyPair.generate(.account)
    account = try AccountKey(pair.publicKey)
    folder = try TemporaryFolder()
    let logger = LogLines().logger
    store = try Store(.init(directory: folder.path), logger: logger)
    registry = Registry(
      store: store, trust: TrustedOperators([try TrustedOperator(text: authority.token.text)]),
      clock: WallClock { (TestTime.seconds + 2000) * 1000 }, metrics: MetricsRegistry(), logger: logger)
    signing = ScriptedSigning([.success(.pending("not now"))]) { [gate] in await gate.wait() }
    registry.signing.attach(signing)
    let link = CurrentLink()
    link.set(connection)
    responder = Responder(
      registry: registry, link: link, text: ReplyText(id: "NOURS", name: "ours", version: "1", clock: registry.clock),
      isOnlyAuthority: false, metrics: MetricsRegistry(), logger: logger, drops: drops, report: { [reports] in reports.note($0) })
  }

  /// Answers while a test does its work.
  private func answering(_ work: () async throws -> Void) async throws {
    let running = Task { await responder.run() }
    do {
      try await work()
    } catch {
      await end(running)
      throw error
    }
    await end(running)
  }

  private func end(_ running: Task<Void, Never>) async {
    gate.open()
    responder.stop()
    await running.value
    await store.close()
  }

  private func own(_ second: Int64) throws -> Token {
    try authority.account(account, name: "own \(second)", iat: Self.begin + second, signer: pair)
  }

  private func hear(_ token: Token, on subject: String, reply: String) {
    #expect(responder.hear(NATSMessage(subject: subject, reply: reply, payload: token.bytes)))
  }

  /// Whom answers went to, in order.
  private var answered: [String] { connection.published.map(\.subject) }

  /// Sends an update of the account's own, and waits until it waits for its signature.
  private func block(on subject: String) async throws {
    hear(try own(1), on: subject, reply: "waits")
    try await eventually("the signing service is asked") { signing.asked.count == 1 }
  }

  @Test("are judged all the same, but for the few that share its judge", arguments: Door.allCases)
  func others(_ door: Door) async throws {
    try await answering {
      try await block(on: door.subject(of: account))
      let accounts = try (0..<64).map { _ in try TestAuthority.account() }
      for other in accounts {
        hear(try authority.account(other, iat: Self.begin), on: door.subject(of: other), reply: other.text)
      }
      // One account of 32 is judged behind the one that waits: that it is a quarter of them does not happen.
      try await eventually("most of the others are judged") { answered.count >= 48 }
      #expect(!answered.contains("waits"))
      let stored = try #require(answered.first)
      #expect(registry.lookup(try AccountKey(stored)) != nil)
      gate.open()
      try await eventually("all are judged") { Set(answered) == Set(accounts.map(\.text) + ["waits"]) }
      for other in accounts { #expect(registry.lookup(other) != nil) }
    }
  }

  @Test("of its own account stay behind it: they are judged in the order in which they came")
  func order() async throws {
    try await answering {
      let subject = Door.account.subject(of: account)
      try await block(on: subject)
      for second in 2...9 {
        hear(try authority.account(account, iat: Self.begin + Int64(second)), on: subject, reply: "\(second)")
      }
      // Those of others that came later are done by then.
      let others = try (0..<64).map { _ in try TestAuthority.account() }
      for other in others {
        hear(try authority.account(other, iat: Self.begin), on: Door.account.subject(of: other), reply: "other")
      }
      try await eventually("most of the others are judged") { answered.count >= 48 }
      #expect(Set(answered) == ["other"])
      gate.open()
      try await eventually("all are judged") { answered.count == 64 + 9 }
      #expect(answered.filter { $0 != "other" } == ["waits"] + (2...9).map { "\($0)" })
    }
  }

  @Test("that are older than what is stored are told of at once, and once, however much waits before them")
  func older() async throws {
    _ = try await registry.push(authority.account(account, iat: Self.begin), by: .setup)
    try await answering {
      let subject = Door.account.subject(of: account)
      try await block(on: subject)
      hear(try authority.account(account, iat: Self.begin - 5), on: subject, reply: "older")
      try await eventually("it is told of") { reports.foreign.count == 1 }
      let told = try #require(reports.foreign.first)
      #expect(told.account == account && told.cause.place == subject && told.cause.issuer == authority.signing.publicKey.text)
      #expect(told.cause.text.contains("issued at \(Self.begin - 5), stored \(Self.begin)"), "\(told.cause.text)")
      #expect(answered.isEmpty, "the other still waits")
      gate.open()
      try await eventually("both are judged") { answered.count == 2 }
      #expect(reports.foreign.count == 1)
    }
  }

  @Test("of its own account are kept up to a number; of those beyond it every one is counted, and an older one still told of")
  func full() async throws {
    _ = try await registry.push(authority.account(account, iat: Self.begin), by: .setup)
    try await answering {
      let subject = Door.account.subject(of: account)
      try await block(on: subject)
      for second in 2..<302 {
        hear(try authority.account(account, iat: Self.begin + Int64(second)), on: subject, reply: "\(second)")
      }
      try await eventually("what is too much is counted") { drops.value == 300 - 256 }
      hear(try authority.account(account, iat: Self.begin - 5), on: subject, reply: "older")
      try await eventually("it is told of") { reports.foreign.count == 1 }
      try await eventually("it is counted too") { drops.value == 300 - 256 + 1 }
      gate.open()
      try await eventually("the others are judged") { answered.count == 257 }
      #expect(answered == ["waits"] + (2..<258).map { "\($0)" })
    }
  }

  @Test("that are too many for a judge are in the log and the metrics")
  func told() async throws {
    let connection = ScriptedConnection()
    let connector = ScriptedConnector([.connect(connection)])
    let bridge = try BridgeUnderTest(authority, options: NATSOptions(servers: ["nats://a"]), connector: connector)
    bridge.registry.signing.attach(signing)
    try await bridge.waitUntilConnected()
    func send(_ token: Token) {
      connection.tell(.heard(NATSMessage(subject: Door.account.subject(of: account), payload: token.bytes)))
    }
    send(try own(1))
    try await eventually("the signing service is asked") { signing.asked.count == 1 }
    for number in 0..<300 { send(try authority.account(account, name: "\(number)", iat: Self.begin + 2)) }
    try await eventually("it is counted") { bridge.metrics.text().contains("\(Metric.messagesDropped.rawValue) 44\n") }
    try await eventually("it is in the log") { bridge.log.lines(from: .warning).contains { $0.contains("some of it is passed over") } }
    gate.open()
    try await bridge.stop()
    await store.close()
  }
}
