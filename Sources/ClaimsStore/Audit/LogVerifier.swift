import Claims
import GRDB

/// Recomputes everything that a log says of itself: the chain from the first record on, tokens against their records, the tables that
/// follow it, the seal over what lies beside the chain, the schema, and the file's own structure.
public struct LogVerifier: Sendable {
  /// How closely tokens are looked at.
  public enum Tokens: Sendable {
    /// Their bytes against their digests.
    case digests
    /// And their claims against their records.
    case claims
    /// And their signatures.
    case signatures
  }

  /// How closely tokens are looked at.
  public var tokens = Tokens.signatures
  /// Heads that were noted earlier, and that the chain must pass through.
  public var heads: [LogHead] = []

  let reader: LogReader

  /// Verifies the log of a reader.
  public init(_ reader: LogReader) {
    self.reader = reader
  }

  /// Verifies all there is. While a server runs, what it appends meanwhile is verified too, as far as this comes.
  ///
  /// - Parameters:
  ///   - progress: told how many records of how many are done.
  ///   - report: takes each finding.
  /// - Returns: what it came to; all is well only when there is no finding.
  /// - Throws: ``StoreError`` when a server began to write the log that seemed to be at rest, or `CancellationError`.
  public func run(progress: (_ done: Int64, _ total: Int64) -> Void, report: (LogFinding) -> Void) async throws -> LogVerdict {
    var verdict = LogVerdict()
    let total = (try? reader.head())?.sequence ?? 0
    func note(_ finding: LogFinding) {
      verdict.findings += 1
      report(finding)
    }
    for finding in findings("the database", DatabaseCheck.structure) + findings("the schema", DatabaseCheck.schema) { note(finding) }
    var pages = RecordPages(reader: reader, check: RecordCheck(tokens: tokens), heads: heads)
    do {
      while let page = try await pages.next() {
        for finding in page.findings { note(finding) }
        progress(min(pages.previous.sequence, total), total)
      }
    } catch let error as StoreError {
      note(LogFinding("after record \(pages.previous.sequence)", "the log cannot be read any further: \(error)"))
    }
    for finding in pages.missingHeads { note(finding) }
    let followers =
      findings("the accounts' histories", HistoryCheck.findings) + findings("the newest changes", NewestCheck.findings)
      + findings("the activations", ActivationCheck.findings)
    for finding in followers + findings("the seal", SealCheck.findings) { note(finding) }
    guard !reader.isDisturbed else {
      throw StoreError(.unusableDirectory, "a server began to write \(reader.path) while it was read: verify again")
    }
    verdict.head = pages.previous
    verdict.tokens = pages.tokens
    verdict.givenUp = pages.givenUp
    return verdict
  }

  /// A part that cannot be read at all is a finding like any other.
  private func findings(_ place: String, _ part: (Database) throws -> [LogFinding]) -> [LogFinding] {
    do {
      return try reader.read(part)
    } catch {
      return [LogFinding(place, "it cannot be read: \(error)")]
    }
  }
}
