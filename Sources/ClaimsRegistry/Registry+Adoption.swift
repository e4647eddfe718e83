import Claims
import ClaimsStore
import Logging

extension Registry {
  /// Takes over a directory that has no log yet, as it is: what decodes, verifies under its own issuer and matches its file's name is served.
  ///
  /// Nothing on disk is changed, and nothing is announced. Files that are not served stay where they are and are named in the warnings.
  ///
  /// - Throws: ``StoreError``, or ``FileError`` when the directory cannot be read.
  public func adoptDirectory() async throws {
    guard try await store.log.lastSequence() == 0 else { return }
    var newest: [AccountKey: Adoption] = [:]
    var withheld: [String] = []
    for file in try store.directory.files() {
      do throws(AdoptionFailure) {
        let adoption = try Adoption(file, in: store.directory, now: clock.milliseconds())
        let other = newest[adoption.change.subject]
        if other.map({ $0.change.iat < adoption.change.iat }) ?? true { newest[adoption.change.subject] = adoption }
        if let other {
          withheld.append("\(file.path): the account \(adoption.change.subject) lies here and in \(other.path); the newer is served")
        }
      } catch {
        withheld.append("\(file.path): \(error.reason)")
      }
    }
    try await store(newest.values.map(\.change))
    warnings.set(.damagedFiles, withheld)
    for line in withheld { logger.warning("a file is not served", metadata: ["file": "\(line)"]) }
    if !newest.isEmpty { logger.notice("the directory is taken over as it is", metadata: ["accounts": "\(newest.count)"]) }
  }

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
  let change: Change

  init(_ file: TokenDirectory.File, in directory: TokenDirectory, now: Int64) throws(AdoptionFailure) {
    path = file.path
    do {
      let token = Token(try directory.read(file)).withoutTrailingLineFeed
      let claims = try VerifiedClaims.decode(token).claims
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
