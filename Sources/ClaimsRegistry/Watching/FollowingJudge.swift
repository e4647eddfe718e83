import Claims
import ClaimsStore
import Logging
import Nkeys
import Synchronization

/// Follows a directory that another writes: its files are the truth. What appears is served as it was found, what vanishes is not served any
/// more; a damaged file leaves what was served before, until it is whole again.
actor FollowingJudge: FileJudge {
  private let registry: Registry
  private let store: Store
  private let directory: TokenDirectory
  private let executor = BackgroundExecutor(name: "files")
  /// How every file looked when it was read the last time, by path.
  private var sights: [String: FileSight]
  /// Files that are not served, by path.
  private var withheld: [String: WithheldFile]

  init(_ registry: Registry) {
    self.registry = registry
    store = registry.store
    directory = store.directory
    let files = registry.withheldAtStart.withLock { $0 }
    withheld = Dictionary(files.map { ($0.file.path, $0) }, uniquingKeysWith: { $1 })
    sights = Dictionary(files.filter { !$0.isUnread }.map { ($0.file.path, $0.sight) }, uniquingKeysWith: { $1 })
  }

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  func suspects() async throws -> Set<String> {
    var suspects: Set<String> = []
    var paths: Set<String> = []
    for file in try directory.files() {
      paths.insert(file.path)
      let sight = FileSight(try directory.status(of: file))
      if sights[file.path] == nil, isAsFound(file, sight) { sights[file.path] = sight }
      if sights[file.path] != sight { suspects.insert(file.name) }
    }
    for (path, file) in withheld where !paths.contains(path) { suspects.insert(file.file.name) }
    for account in store.index.accounts() {
      let files = TokenDirectory.Layout.allCases.map { directory.file(of: account, in: $0).path }
      if !files.contains(where: paths.contains) { suspects.insert(account.text) }
    }
    return suspects
  }

  func suspects(among names: Set<String>) async -> Set<String> { names }

  func look(at name: String, isStart: Bool) async -> Bool {
    do {
      let files = try files(named: name)
      var newest: FoundFile?
      var (isUnsettled, isUnread) = (false, false)
      for file in files {
        let status = try directory.status(of: file)
        sights[file.path] = FileSight(status)
        withheld[file.path] = nil
        guard status != nil else { continue }
        do throws(WithheldFile) {
          let found = try FoundFile(
            file, in: directory, trust: registry.trust, policy: registry.admission.policy, now: registry.clock.seconds)
          if newest.map({ found.isNewer(than: $0) }) ?? true { newest = found }
        } catch {
          if error.isUnread { sights[file.path] = nil }
          isUnread = isUnread || error.isUnread
          isUnsettled = isUnsettled || directory.isBeingWritten(file)
          withheld[file.path] = error
        }
      }
      registry.warnings.set(.damagedFiles, withheld.values.map(\.text).sorted())
      // What cannot be read may be newer than what can.
      if isUnread { return true }
      if let newest {
        try await follow(newest)
      } else if try files.allSatisfy({ try directory.status(of: $0) == nil }), let account = try? AccountKey(name) {
        try await drop(account)
      }
      return isUnsettled
    } catch {
      registry.logger.error("a file of the directory cannot be judged", metadata: ["file": "\(PlainText.line(name))", "error": "\(error)"])
      return true
    }
  }

  /// Whether a file that was not read yet looks as it was when its record was made.
  private func isAsFound(_ file: TokenDirectory.File, _ sight: FileSight) -> Bool {
    guard let account = try? AccountKey(file.name), let entry = store.index.bareEntry(of: account.raw), !entry.isDeleted else {
      return false
    }
    return sight.modified == entry.time && (sight.size == Int64(entry.size) || sight.size == Int64(entry.size) + 1)
  }

  private func files(named name: String) throws -> [TokenDirectory.File] {
    if let account = try? AccountKey(name) { return TokenDirectory.Layout.allCases.map { directory.file(of: account, in: $0) } }
    return try directory.files().filter { $0.name == name } + withheld.values.map(\.file).filter { $0.name == name }
  }

  private func follow(_ found: FoundFile) async throws {
    let proposal = Proposal(subject: found.account) { [owner = registry.trust.owner(of: found.claims)] current, _ in
      guard let current else { return .append(found.change(owner: owner).followed(after: nil)) }
      guard current.isDeleted || current.digest != found.token.digest else { return .unchanged }
      return .append(found.change(owner: owner).followed(after: current))
    }
    guard case .committed = try await registry.store.submit(proposal) else { return }
    registry.logger.info(
      "a changed file is served",
      metadata: [
        "account": "\(found.account)", "iat": "\(found.claims.common.iat)",
        "issuer": "\(PlainText.line(found.claims.common.iss.text, limit: 64))",
        "remarks": "\(found.remarks.joined(separator: "; "))",
      ])
  }

  private func drop(_ account: AccountKey) async throws {
    let time = registry.clock.milliseconds()
    let proposal = Proposal(subject: account) { current, _ in
      guard let current, !current.isDeleted else { return .unchanged }
      let nothing = Token([])
      return .append(
        Change(
          time: time, kind: .delete, subject: account, token: nothing, digest: nothing.digest, jti: "", iat: current.iat,
          generation: current.generation + 1, expires: 0, issuer: "", actor: Requester.file(account.text).description))
    }
    guard case .committed = try await registry.store.submit(proposal) else { return }
    registry.held.watch([account])
    registry.logger.info("an account whose file is gone is not served any more", metadata: ["account": "\(account)"])
  }
}

extension Change {
  /// The change with its place in the account's order, whatever its token's time: the files are the truth.
  fileprivate func followed(after current: AccountEntry?) -> Change {
    let isNewer = current.map { iat > $0.iat } ?? true
    return Change(
      time: time, kind: .follow, subject: subject, token: token, digest: digest, jti: jti, iat: max(iat, current?.iat ?? iat),
      generation: isNewer ? 0 : (current?.generation ?? 0) + 1, expires: expires, issuer: issuer, actor: actor, owner: owner)
  }
}
