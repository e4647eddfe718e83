import Claims
import ClaimsRegistry
import ClaimsStore

/// Answers `$SYS.REQ.CLAIMS.LIST`: the keys of all accounts that a pack has.
struct ListService: Sendable {
  static let subject = "$SYS.REQ.CLAIMS.LIST"

  private static let bytesOfAccount = 59

  let registry: Registry
  let text: ReplyText

  /// The answer, which must fit into one message of `largest` bytes.
  func answer(largest: Int) -> [UInt8] {
    let now = registry.clock.seconds
    let accounts = registry.store.index.accounts { $0.isPacked(at: now) }
    // Each takes its key, two quotes and a comma: what cannot fit is not written first.
    if accounts.count * Self.bytesOfAccount <= largest {
      let answer = text.data(.array(accounts.map(\.text).sorted().map { .string($0) }))
      if answer.count <= largest { return answer }
    }
    return text.failed(
      "the list of \(accounts.count) accounts does not fit into a message of \(largest) bytes: ask for the pack, or over HTTP")
  }
}
