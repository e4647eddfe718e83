import Claims
import ClaimsStore
import Logging
import Synchronization

extension Registry {
  /// Takes over a directory that was not served by us yet, as it is: what decodes, verifies under its own issuer and matches its file's name is
  /// served. Later starts find nothing to do here; ``DirectoryWatch`` looks at what changed meanwhile, and takes over files that could not be
  /// read when they can.
  ///
  /// Nothing on disk is changed, and nothing is announced. Files that are not served stay where they are and are named in the warnings.
  ///
  /// - Throws: ``StoreError``, or ``FileError`` when the directory cannot be read.
  public func adoptDirectory() async throws {
    guard try await store.log.cursor(of: Self.adoptionMark) == 0 else { return }
    let survey = try await DirectorySurvey(store.directory, trust: trust, policy: admission.policy, now: clock.seconds)
    let count = try await adopt(survey.newest.values.map { $0.change(owner: trust.owner(of: $0.claims)) })
    // Set last: a start that was cut short, or that could not read every file, adopts again, and what it adopted before stays as it is.
    if !survey.withheldFiles.contains(where: \.isUnread) { try await store.log.setCursor(of: Self.adoptionMark, to: 1) }
    if count > 0 { logger.notice("the directory is taken over as it is", metadata: ["accounts": "\(count)"]) }
    let remarks = survey.remarked.map { "\($0.file): \($0.texts.joined(separator: "; "))" }
    warnings.set(.adoptedAsFound, remarks)
    for line in remarks { logger.warning("a file is served as it was found", metadata: ["file": "\(line)"]) }
    report(withheld: survey.withheldFiles)
  }

  /// Takes over a file that could not be read when the directory was taken over, unless its account is known by now.
  func adopt(_ found: FoundFile) async throws {
    _ = try await adopt([found.change(owner: trust.owner(of: found.claims))])
    logger.notice(
      "a file that could not be read is taken over as it is",
      metadata: ["file": "\(PlainText.line(found.file.relativePath))", "remarks": "\(found.remarks.joined(separator: "; "))"])
  }

  /// Names files that are not served.
  func report(withheld: [WithheldFile]) {
    withheldAtStart.withLock { $0 = withheld }
    warnings.set(.damagedFiles, withheld.map(\.text).sorted())
    for file in withheld { logger.warning("a file is not served", metadata: ["file": "\(file.text)"]) }
  }

  /// The cursor in the log that tells that a directory was taken over.
  private static let adoptionMark = "adoption"

  /// Stores changes of accounts that are not known yet, and tells how many that were.
  private func adopt(_ changes: [Change]) async throws -> Int {
    try await withThrowingTaskGroup(of: Int.self) { group in
      for change in changes {
        group.addTask { [store] in
          let verdict = try await store.submit(
            Proposal(subject: change.subject) { current, _ in current == nil ? .append(change) : .unchanged })
          guard case .committed = verdict else { return 0 }
          return 1
        }
      }
      return try await group.reduce(0, +)
    }
  }
}
