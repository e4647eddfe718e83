import Claims
import ClaimsRegistry
import ClaimsStore
import ClaimsTestSupport
import Logging

/// A registry over a real store in a temporary folder, at the tests' time.
final class RegistryUnderTest: Sendable {
  let folder: TemporaryFolder
  let store: Store
  let registry: Registry
  let metrics = MetricsRegistry()

  init(
    trusting authorities: [TestAuthority], folder: TemporaryFolder? = nil, policy: AdmissionPolicy = AdmissionPolicy(),
    operators: [Token] = [], now: Int64 = TestTime.seconds, clock: WallClock? = nil, signers: (any OperatorSigners)? = nil,
    signing: AccountSigning = AccountSigning(), isReadOnly: Bool = false, fileSystem: any FileSystem = SystemFileSystem(),
    openLog: (_ path: String, _ isThere: Bool) throws -> any ChangeLog = { try SQLiteChangeLog(path: $0, mustExist: $1) }
  ) throws {
    let folder = try folder ?? TemporaryFolder()
    self.folder = folder
    var options = Store.Options(directory: folder.path)
    options.isReadOnly = isReadOnly
    store = try Store(options, fileSystem: fileSystem, openLog: openLog, logger: Logger(label: "test"))
    registry = Registry(
      store: store, trust: TrustedOperators(try (authorities.map(\.token) + operators).map { try TrustedOperator(text: $0.text) }),
      policy: policy,
      clock: clock ?? WallClock { now * 1000 }, metrics: metrics, signers: signers,
      signing: signing,
      logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
  }

  /// Pushes a token that must be stored.
  @discardableResult
  func store(_ token: Token) async throws -> ChangeRecord {
    guard case .committed(let record) = try await registry.push(token, by: .setup) else { throw NotStored() }
    return record
  }

  /// The records of an account, newest first.
  func history(_ account: AccountKey) async throws -> [Change] {
    try await registry.history(of: account).map(\.change)
  }

  /// What an account's entry names as its owner.
  func owner(of account: AccountKey) throws -> String? {
    store.index.entry(of: account.raw).map { store.index.text(of: $0.owner) }
  }

  /// Reads an operator's file again, as if it held this text.
  @discardableResult
  func reload(_ texts: String...) -> Bool {
    registry.reloadOperators(texts.enumerated().map { OperatorReading(file: "operator-\($0.offset).jwt", content: .text($0.element)) })
  }

  /// The warnings of a kind.
  func warnings(_ kind: Warnings.Kind) -> [String] {
    registry.currentWarnings().first { $0.kind == kind }?.texts ?? []
  }

  /// The code with which a push is refused; nil when it is not.
  func refusal(of token: Token, expected: AccountKey? = nil) async -> Refusal.Code? {
    await refused(of: token, expected: expected)?.code
  }

  func refused(of token: Token, expected: AccountKey? = nil) async -> Refusal? {
    do {
      _ = try await registry.push(token, expected: expected, by: .setup)
      return nil
    } catch {
      return error
    }
  }

  func deletionRefusal(_ token: Token, closing: Token? = nil, only: AccountKey? = nil) async -> Refusal.Code? {
    do {
      _ = try await registry.delete(token, closing: closing, only: only, by: .setup)
      return nil
    } catch {
      return error.code
    }
  }
}

struct NotStored: Error {}
