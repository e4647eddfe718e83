import Claims
import ClaimsStore
import Logging

extension Registry {
  /// Takes over a directory that was not served by us yet, as it is: what decodes, verifies under its own issuer and matches its file's name is served.
  ///
  /// Nothing on disk is changed, and nothing is announced. Files that are not served stay where they are and are named in the warnings.
  ///
  /// - Throws: ``StoreError``, or ``FileError`` when the directory cannot be read.
  public func adoptDirectory() async throws {
    guard try await store.log.cursor(of: Self.adoptionMark) == 0 else { return }
    var newest: [AccountKey: Adoption] = [:]
    var withheld: [String] = []
    var doubtful: [String] = []
    for file in try store.directory.files() {
      do throws(AdoptionFailure) {
        let adoption = try Adoption(file, in: store.directory, now: clock.milliseconds())
        let other = newest[adoption.change.subject]
        if other.map({ $0.change.iat < adoption.change.iat }) ?? true { newest[adoption.change.subject] = adoption }
        if trust.standing(of: adoption.claims) != .trusted {
          doubtful.append("\(file.path): its issuer \(adoption.change.issuer) is not trusted, and nats-servers will refuse it")
        }
        if let other {
          withheld.append("\(file.path): the account \(adoption.change.subject) lies here and in \(other.path); the newer is served")
        }
      } catch {
        withheld.append(PlainText.line("\(file.path): \(error.reason)", limit: 1000))
      }
    }
    try await store(newest.values.map(\.change))
    // Set last: a start that was cut short adopts again, and what it adopted before stays as it is.
    try await store.log.setCursor(of: Self.adoptionMark, to: 1)
    warnings.set(.damagedFiles, withheld)
    warnings.set(.adoptedAsFound, doubtful)
    for line in doubtful { logger.warning("a file is served as it was found", metadata: ["file": "\(line)"]) }
    for line in withheld { logger.warning("a file is not served", metadata: ["file": "\(line)"]) }
    if !newest.isEmpty { logger.notice("the directory is taken over as it is", metadata: ["accounts": "\(newest.count)"]) }
  }

  /// The cursor in the log that tells that a directory was taken over.
  private static let adoptionMark = "adoption"

  private func store(_ changes: [Change]) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for change in changes {
        group.addTask { [store] in
          _ = try await store.submit(
            Proposal(subject: change.subject) { current, _ in current == nil ? .append(change) : .unchanged })
        }
      }
      try await group.waitForAll()
    }
  }
}

/// A file that is served as it was found.
private struct Adoption {
  let path: String
  let claims: Claims
  let change: Change

  init(_ file: TokenDirectory.File, in directory: TokenDirectory, now: Int64) throws(AdoptionFailure) {
    path = file.path
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
        time: try directory.modified(file) ?? now, kind: .adopt, subject: account, token: token, digest: token.digest, jti: common.jti,
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
