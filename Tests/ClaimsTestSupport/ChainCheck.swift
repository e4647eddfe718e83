public import ClaimsStore

/// Recomputes the hash chain of a whole log.
public enum ChainCheck {
  /// The records of a log, when its numbers have no gaps and every link of its chain is right.
  ///
  /// - Throws: ``BrokenChain`` with the first record that is wrong.
  public static func records(of log: any ChangeLog) async throws -> [ChangeRecord] {
    var records: [ChangeRecord] = []
    var chain = ChangeChain.origin
    while true {
      let page = try await log.changes(after: Int64(records.count), limit: 1000)
      guard !page.isEmpty else { return records }
      for record in page {
        chain = ChangeChain.link(after: chain, sequence: record.sequence, change: record.change)
        guard record.sequence == Int64(records.count) + 1, record.chain == chain else { throw BrokenChain(sequence: record.sequence) }
        records.append(record)
      }
    }
  }
}

/// A record that does not follow from the one before.
public struct BrokenChain: Error {
  /// Its number.
  public let sequence: Int64
}
