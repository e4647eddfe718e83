import Claims
import ClaimsStore
import Logging

extension Registry {
  /// Compares the operators trusted at the start with what the log noted of them, and notes them. An operator whose file holds an older token
  /// than was in force before is trusted by the noted one: a restored backup must not bring a removed key back.
  ///
  /// - Parameter files: the files that the trusted operators came from, in their order.
  /// - Throws: ``StoreError`` when the log cannot be read, or when a file is older than a noted token that cannot be used.
  public func resumeOperators(from files: [String]) async throws {
    let noted = Dictionary(try await store.log.operators().map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    var problems: [String] = []
    var operators: [TrustedOperator] = []
    for (trusted, file) in zip(trust.all, files) {
      guard let record = noted[trusted.key], record.iat > trusted.claims.common.iat else {
        operators.append(trusted)
        continue
      }
      let newest = try Self.trusted(record, file: file)
      operators.append(newest)
      let reading = OperatorReading(file: file, content: .text(trusted.token.text))
      if case .refused(let problem) = OperatorSuccession(inForce: newest).judge(reading) { problems.append(problem) }
    }
    trust.replace(with: Trust(operators))
    report(problems)
    await noteOperators()
  }

  private static func trusted(_ record: OperatorRecord, file: String) throws -> TrustedOperator {
    do {
      let trusted = try TrustedOperator(text: record.token.text)
      if trusted.key == record.key { return trusted }
    } catch {
      // Said below: whatever is wrong with it, it cannot be used.
    }
    throw StoreError(
      .damagedLog,
      "\(file) holds an older token of the operator \(record.key) than was in force before (issued at \(record.iat)), and the noted one is damaged: "
        + "give the operator's newest token")
  }

  /// Takes what the operators' files hold now, all at once: what is trusted changes in one step, and a file that must not be followed leaves
  /// its operator as it was.
  ///
  /// A push that is being judged meanwhile is judged again before it is stored. The caller notes the change with ``noteOperators()``; when
  /// that returns, nothing is stored any more that was admitted by the trust before.
  ///
  /// - Parameter readings: a reading of every operator's file, in the order of the operators.
  /// - Returns: whether anything changed.
  @discardableResult
  public func reloadOperators(_ readings: [OperatorReading]) -> Bool {
    var problems: [String] = []
    var accepted: [(TrustedOperator, file: String)] = []
    let operators = zip(trust.all, readings).map { inForce, reading in
      switch OperatorSuccession(inForce: inForce).judge(reading) {
      case .unchanged: return inForce
      case .refused(let problem):
        problems.append(problem)
        return inForce
      case .accepted(let new):
        accepted.append((new, reading.file))
        return new
      }
    }
    let new = Trust(operators)
    let old = accepted.isEmpty ? new : trust.replace(with: new)
    for (trusted, file) in accepted {
      logger.notice(
        "an operator's token was replaced",
        metadata: [
          "operator": "\(trusted.key)", "iat": "\(trusted.claims.common.iat)", "jti": "\(PlainText.line(trusted.claims.common.jti))",
          "file": "\(PlainText.line(file))",
        ])
    }
    report(problems)
    reportRemoved(old.accountSigners.subtracting(new.accountSigners))
    return !accepted.isEmpty
  }

  /// Notes in the log which operators are trusted, and by which tokens, unless that is noted already.
  ///
  /// - Parameter isRepeated: whether the last attempt failed, which was told then.
  /// - Returns: whether they are noted now; a disk that fails is told in the log, and the trust holds all the same.
  @discardableResult
  public func noteOperators(isRepeated: Bool = false) async -> Bool {
    let records = trust.all.map { OperatorRecord(key: $0.key, iat: $0.claims.common.iat, token: $0.token) }
    do {
      if try await store.log.operators().filter(\.isTrusted) != records { try await store.log.note(operators: records) }
      return true
    } catch {
      logger.log(
        level: isRepeated ? .debug : .error,
        "the operators' tokens cannot be noted: a start would take older ones; it is tried again", metadata: ["error": "\(error)"])
      return false
    }
  }

  private func report(_ problems: [String]) {
    warnings.set(.operatorFiles, problems)
    for problem in problems { logger.warning("an operator's file is not followed", metadata: ["reason": "\(problem)"]) }
  }

  private func reportRemoved(_ keys: Set<String>) {
    guard !keys.isEmpty else { return }
    let accounts = store.index.accounts { !$0.isDeleted && keys.contains(store.index.text(of: $0.issuer)) }
    logger.warning(
      "keys are no longer trusted: claims that they signed are still served, new ones are refused",
      metadata: ["keys": "\(keys.sorted().map { PlainText.line($0, limit: 64) }.joined(separator: " "))", "accounts": "\(accounts.count)"])
  }
}
