import Claims
import ClaimsStore
import Logging

extension Registry {
  /// Takes over a directory that was not served by us yet, as it is: what decodes, verifies under its own issuer and matches its file's name is
  /// served. Later starts only look for files that are not served.
  ///
  /// Nothing on disk is changed, and nothing is announced. Files that are not served stay where they are and are named in the warnings.
  ///
  /// - Throws: ``StoreError``, or ``FileError`` when the directory cannot be read.
  public func adoptDirectory() async throws {
    let isFirst = try await store.log.cursor(of: Self.adoptionMark) == 0
    var newest: [AccountKey: Adoption] = [:]
    var withheld: [String] = []
    for file in try store.directory.files() where isFirst || !isServed(file) {
      let name = PlainText.line(file.relativePath)
      do throws(AdoptionFailure) {
        let adoption = try Adoption(file, in: store.directory, now: clock.milliseconds())
        guard isFirst else { throw AdoptionFailure("it appeared while the server was stopped; push it") }
        let other = newest[adoption.change.subject]
        if other.map({ $0.change.iat < adoption.change.iat }) ?? true { newest[adoption.change.subject] = adoption }
        if let other { withheld.append("\(name): the account lies here and in \(other.name); the newer token is served") }
      } catch {
        withheld.append("\(name): \(PlainText.line(error.reason))")
      }
    }
    if isFirst { try await adopt(Array(newest.values)) }
    warnings.set(.damagedFiles, withheld)
    for line in withheld { logger.warning("a file is not served", metadata: ["file": "\(line)"]) }
  }

  private func isServed(_ file: TokenDirectory.File) -> Bool {
    guard let account = try? AccountKey(file.name) else { return false }
    return store.index.entry(of: account.raw) != nil
  }

  private func adopt(_ adoptions: [Adoption]) async throws {
    let count = try await store(adoptions.map(\.change))
    // Set last: a start that was cut short adopts again, and what it adopted before stays as it is.
    try await store.log.setCursor(of: Self.adoptionMark, to: 1)
    if count > 0 { logger.notice("the directory is taken over as it is", metadata: ["accounts": "\(count)"]) }
    let doubtful = adoptions.filter { trust.standing(of: $0.claims) != .trusted }.map { adoption in
      "\(adoption.name): its issuer \(PlainText.line(adoption.change.issuer, limit: 64)) is not trusted, and nats-servers will refuse it"
    }.sorted()
    warnings.set(.adoptedAsFound, doubtful)
    for line in doubtful { logger.warning("a file is served as it was found", metadata: ["file": "\(line)"]) }
  }

  /// The cursor in the log that tells that a directory was taken over.
  private static let adoptionMark = "adoption"

  /// Stores changes of accounts that are not known yet, and tells how many that were.
  private func store(_ changes: [Change]) async throws -> Int {
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

/// A file that is served as it was found.
private struct Adoption {
  let name: String
  let claims: Claims
  let change: Change

  init(_ file: TokenDirectory.File, in directory: TokenDirectory, now: Int64) throws(AdoptionFailure) {
    name = PlainText.line(file.relativePath)
    do {
      let token = Token(try directory.read(file)).withoutTrailingLineFeed
      claims = try VerifiedClaims.decode(token).claims
      guard case .account = claims else { throw AdoptionFailure("a token of type \(claims.type.rawValue)") }
      let account = try AccountKey(claims.common.sub)
      guard account.text == file.name else {
        throw AdoptionFailure("the token is about \(account), not about the account the file is named for")
      }
      let common = claims.common
      change = Change(
        time: try directory.status(of: file)?.modified ?? now, kind: .adopt, subject: account, token: token, digest: token.digest,
        jti: common.jti,
        iat: common.iat, generation: 0, expires: common.exp, issuer: common.iss, actor: Requester.file(file.name).description)
    } catch let failure as AdoptionFailure {
      throw failure
    } catch {
      throw AdoptionFailure("\(error)")
    }
  }
}

/// Why a file is not served.
private struct AdoptionFailure: Error {
  let reason: String

  init(_ reason: String) { self.reason = reason }
}
