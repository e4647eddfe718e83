import Claims
import ClaimsStore
import Logging
import Nkeys
import Synchronization

/// Guards the directory of a server that writes it: a file that someone copied in is a push; one that is older or bad is set aside and the right
/// one written again; one that vanished is restored.
actor GuardingJudge: FileJudge {
  private let registry: Registry
  private let store: Store
  private let directory: TokenDirectory
  private let executor = BackgroundExecutor(name: "files")
  /// Files that are not served and stay where they are, because they lay there when the server started, as they were seen then.
  private var withheld: [String: (sight: FileSight, file: WithheldFile)]
  /// What looked bad or gone a moment ago.
  private var doubts: [String: FileSight] = [:]
  /// Files whose names are no accounts', found and not yet looked at.
  private var strays: [String: [TokenDirectory.File]] = [:]
  /// Names whose files could not be judged the last time.
  private var unjudged: Set<String> = []

  init(_ registry: Registry) {
    self.registry = registry
    store = registry.store
    directory = store.directory
    withheld = registry.withheldAtStart.withLock { files in
      Dictionary(files.map { ($0.file.path, ($0.sight, $0)) }, uniquingKeysWith: { $1 })
    }
  }

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  func suspects() async throws -> Set<String> {
    var suspects: Set<String> = []
    var seen: Set<AccountKey> = []
    strays = [:]
    for file in try directory.files() {
      guard let account = try? AccountKey(file.name) else {
        suspects.insert(file.name)
        strays[file.name, default: []].append(file)
        continue
      }
      if try isAsLeft(file, of: account) { seen.insert(account) } else { suspects.insert(file.name) }
    }
    for account in store.index.accounts() where !seen.contains(account) { suspects.insert(account.text) }
    withheld = withheld.filter { suspects.contains($0.value.file.file.name) }
    return suspects
  }

  /// Most notices are of our own writes: they are passed over here, many at a time.
  func suspects(among names: Set<String>) async -> Set<String> {
    var suspects: Set<String> = []
    var strays: Set<String> = []
    for name in names {
      if let account = try? AccountKey(name) {
        if isSuspect(account) { suspects.insert(name) }
      } else {
        strays.insert(name)
      }
    }
    find(strays: strays)
    return suspects.union(strays)
  }

  private func isSuspect(_ account: AccountKey) -> Bool {
    let (file, copy) = (directory.file(of: account, in: directory.layout), directory.file(of: account, in: directory.layout.other))
    guard doubts[file.path] == nil, doubts[copy.path] == nil, withheld[file.path] == nil, withheld[copy.path] == nil else { return true }
    do {
      return try !isAsLeft(file, of: account) || directory.status(of: copy) != nil
    } catch {
      // Whoever looks closer tells it.
      return true
    }
  }

  func look(at name: String, isStart: Bool) async -> Bool {
    do {
      guard let account = try? AccountKey(name) else {
        try withholdStray(name)
        unjudged.remove(name)
        return false
      }
      var again = false
      for layout in [directory.layout, directory.layout.other] {
        if try await look(at: directory.file(of: account, in: layout), of: account, isStart: isStart) { again = true }
      }
      if try await restore(account) { again = true }
      unjudged.remove(name)
      return again
    } catch let error as StoreError where error.code == .closed {
      return false
    } catch {
      if unjudged.insert(name).inserted {
        registry.logger.error(
          "a file of the directory cannot be judged; it is looked at again",
          metadata: ["file": "\(PlainText.line(name))", "error": "\(error)"])
      }
      return true
    }
  }

  // MARK: One file

  private func look(at file: TokenDirectory.File, of account: AccountKey, isStart: Bool) async throws -> Bool {
    let status = try directory.status(of: file)
    let sight = FileSight(status)
    // A file that is gone is `restore`'s.
    guard status != nil else {
      unwithhold(file)
      return false
    }
    guard try !isAsLeft(file, of: account) else {
      forget(file)
      return false
    }
    if let known = withheld[file.path] {
      if known.file.isUnread { return try await adopt(file) }
      if known.sight == sight { return false }
    }
    let found = try await judge(file, of: account, status: status)
    guard case .bad(let reason) = found else {
      forget(file)
      return found == .undecided
    }
    if isStart, try mayStay(file, account) {
      withhold(WithheldFile(file, reason, sight))
      return false
    }
    // What is bad may be half of a copy that goes on: it is believed when it is seen twice, and nobody writes.
    guard doubts[file.path] == sight, !directory.isBeingWritten(file) else {
      doubts[file.path] = sight
      return true
    }
    forget(file)
    guard let place = try directory.setAside(file, at: registry.clock.milliseconds(), as: status) else { return true }
    registry.logger.warning(
      "a file was set aside",
      metadata: ["file": "\(PlainText.line(file.relativePath))", "reason": "\(PlainText.line(reason, limit: 400))", "to": "\(place)"])
    return true
  }

  private enum Finding: Equatable {
    /// What is stored is what it holds, or it was taken as a push: nothing is to be done.
    case settled
    /// The store cannot say now.
    case undecided
    case bad(String)
  }

  private func judge(_ file: TokenDirectory.File, of account: AccountKey, status: FileStatus?) async throws -> Finding {
    guard status?.kind == .file else { return .bad("it is no regular file") }
    let token = Token(try directory.read(file)).withoutTrailingLineFeed
    let digest = token.digest
    if let entry = store.index.bareEntry(of: account.raw), !entry.isDeleted, entry.digest == digest {
      return try keep(file, entry, of: account) ? .settled : .undecided
    }
    // An older token of ours, which the materialiser is about to replace, or which someone put back behind it: that is known when it is done.
    if isBehind(account), try store.log.knows(digest, of: account) { return .undecided }
    do throws(Refusal) {
      _ = try await registry.push(token, expected: account, by: .file(file.name), mayBeSigned: false)
      return .settled
    } catch {
      switch error.code {
      case .unavailable, .diskFull: return .undecided
      default: return .bad(error.message)
      }
    }
  }

  /// Takes over a file that could not be read when the directory was taken over.
  private func adopt(_ file: TokenDirectory.File) async throws -> Bool {
    let found: FoundFile
    do throws(WithheldFile) {
      found = try FoundFile(file, in: directory, trust: registry.trust, policy: registry.admission.policy, now: registry.clock.seconds)
    } catch {
      if !error.isUnread { withhold(error) }
      return error.isUnread
    }
    try await registry.adopt(found)
    unwithhold(file)
    return false
  }

  /// A file with the right content: dated as its record, if it lies where it belongs; a second copy goes.
  ///
  /// - Returns: false when it has another content by now.
  private func keep(_ file: TokenDirectory.File, _ entry: AccountEntry, of account: AccountKey) throws -> Bool {
    guard file.layout != directory.layout else { return try directory.date(file, entry.time, ifItHolds: entry.digest) }
    if try directory.status(of: directory.file(of: account, in: directory.layout)) != nil { try directory.remove(file) }
    return true
  }

  // MARK: Files that are gone

  /// Writes an account's file again when it is gone.
  private func restore(_ account: AccountKey) async throws -> Bool {
    let file = directory.file(of: account, in: directory.layout)
    guard let entry = store.index.bareEntry(of: account.raw), !entry.isDeleted, try directory.status(of: file) == nil else {
      if doubts[file.path] == FileSight(nil) { doubts[file.path] = nil }
      return false
    }
    if isBehind(account) { return true }
    let other = directory.file(of: account, in: directory.layout.other)
    if entry.kind == .adopt, try isAsLeft(other, of: account) { return false }
    let gone = FileSight(nil)
    guard doubts[file.path] == gone else {
      doubts[file.path] = gone
      return true
    }
    forget(file)
    try await store.rewriteFile(of: account)
    registry.logger.warning(
      "the file of an account was gone and is written again; to delete an account there is `nats-claims delete`",
      metadata: ["account": "\(account)", "file": "\(file.relativePath)"])
    return false
  }

  // MARK: What is known

  /// Whether a file looks as the store left it, or as it was when the directory was taken over.
  private func isAsLeft(_ file: TokenDirectory.File, of account: AccountKey) throws -> Bool {
    guard let entry = store.index.bareEntry(of: account.raw), !entry.isDeleted, let status = try directory.status(of: file),
      status.kind == .file, status.modified == entry.time
    else { return false }
    if entry.kind == .adopt { return status.size == Int64(entry.size) || status.size == Int64(entry.size) + 1 }
    return file.layout == directory.layout && status.size == Int64(entry.size) && status.isDatedByStore
  }

  /// Whether the materialiser has still to write the account's file.
  private func isBehind(_ account: AccountKey) -> Bool {
    guard let entry = store.index.bareEntry(of: account.raw), entry.kind != .adopt else { return false }
    return store.writtenSequence < entry.sequence
  }

  /// At the start, files that hold nobody up stay where they are: those of accounts that we do not have, and second copies.
  private func mayStay(_ file: TokenDirectory.File, _ account: AccountKey) throws -> Bool {
    guard let entry = store.index.bareEntry(of: account.raw) else { return true }
    guard !entry.isDeleted else { return false }
    return try isAsLeft(directory.file(of: account, in: file.layout.other), of: account)
  }

  private func forget(_ file: TokenDirectory.File) {
    doubts[file.path] = nil
    unwithhold(file)
  }

  private func unwithhold(_ file: TokenDirectory.File) {
    if withheld.removeValue(forKey: file.path) != nil { showWithheld() }
  }

  /// Looks where files with these names lie, all at once: they may be in any sub-folder.
  private func find(strays names: Set<String>) {
    guard !names.isEmpty else { return }
    do {
      let found = try directory.files().filter { names.contains($0.name) }
      for name in names { strays[name] = [] }
      for file in found { strays[file.name]?.append(file) }
    } catch {
      // Whoever looks closer tells it.
    }
  }

  private func withholdStray(_ name: String) throws {
    let files = try strays.removeValue(forKey: name) ?? directory.files().filter { $0.name == name }
    // It was moved away, as it should be.
    if files.isEmpty { for known in withheld.values where known.file.file.name == name { unwithhold(known.file.file) } }
    for file in files {
      let sight = FileSight(try directory.status(of: file))
      guard withheld[file.path]?.sight != sight else { continue }
      withhold(WithheldFile(file, "its name is not that of an account: name it KEY.jwt, or move it away", sight))
    }
  }

  private func withhold(_ file: WithheldFile) {
    withheld[file.file.path] = (file.sight, file)
    registry.logger.warning("a file is not served", metadata: ["file": "\(file.text)"])
    showWithheld()
  }

  private func showWithheld() {
    registry.warnings.set(.damagedFiles, withheld.values.map(\.file.text).sorted())
  }
}
