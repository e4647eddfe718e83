import Claims
import ClaimsRegistry
import Foundation
import Logging
import Nkeys
import ServerConfig

/// What a configuration brings into the store at the start: the system account's token, and a primary's accounts.
struct StartingTokens {
  let options: ServerOptions
  let registry: Registry
  let logger: Logger

  func bring() async throws {
    if options.isReadOnly {
      if options.systemAccountFile != nil || options.primary != nil {
        logger.warning("systemaccountjwtpath and primary do nothing here: a server that only reads its directory serves what lies there")
      }
      return
    }
    if let file = options.systemAccountFile { try await bringSystemAccount(file) }
    if let primary = options.primary, options.largestPack > 0 { await copy(primary) }
  }

  private func bringSystemAccount(_ file: String) async throws {
    let token: Token
    let account: AccountKey
    do {
      token = Token(Array(try Data(contentsOf: URL(filePath: file)))).withoutTrailingLineFeed
      account = try AccountKey(VerifiedClaims.decode(token).claims.common.sub)
    } catch {
      throw CommandFailure("systemaccountjwtpath: \(file) cannot be read as an account's token: \(error)")
    }
    let outcome = try await registry.copy([(account, token)], isRenewing: false, by: .file(file))
    if let reason = outcome.refused.first { throw CommandFailure("systemaccountjwtpath: \(file) is not served: \(reason)") }
    if outcome.taken > 0 { logger.notice("the system account is taken over from its file", metadata: ["account": "\(account)"]) }
  }

  /// A pack's accounts, and what is wrong with lines that name none: the others are as good as without them.
  private static func entries(_ text: [UInt8]) -> (pack: [(account: AccountKey, token: Token)], problems: [String]) {
    var reader = PackReader(text)
    var pack: [(account: AccountKey, token: Token)] = []
    var problems: [String] = []
    while true {
      do {
        guard let entry = try reader.next() else { return (pack, problems) }
        pack.append((try AccountKey(entry.key), entry.token))
      } catch {
        problems.append(PlainText.line("\(error)", limit: 300))
      }
    }
  }

  /// The primary's pack, whole within the time that it has: the client's own deadline ends with the head of the answer.
  private func packText(of client: ServerClient) async throws -> [UInt8] {
    try await withThrowingTaskGroup(of: [UInt8].self) { [options] group in
      group.addTask { try await client.packText(largest: options.largestPack, timeout: options.primaryTimeout) }
      group.addTask {
        try await Task.sleep(for: options.primaryTimeout)
        throw CommandFailure("its pack did not come within replicationtimeout")
      }
      defer { group.cancelAll() }
      return try await group.next() ?? []
    }
  }

  /// A primary that cannot be reached holds nobody up: the server serves what it has.
  private func copy(_ primary: String) async {
    do {
      let (pack, problems) = Self.entries(try await packText(of: ServerClient(primary)))
      let outcome = try await registry.copy(pack, by: .primary(primary))
      let refused = problems + outcome.refused
      logger.notice(
        "the primary's accounts are copied",
        metadata: [
          "primary": "\(primary)", "taken": "\(outcome.taken)", "renewed": "\(outcome.renewed)", "kept": "\(outcome.kept)",
          "refused": "\(refused.count)",
        ])
      for reason in refused { logger.warning("an account of the primary is not served", metadata: ["reason": "\(reason)"]) }
      if pack.count == options.largestPack {
        logger.warning(
          "the primary may have more accounts than were copied: raise maxreplicationpack", metadata: ["accounts": "\(pack.count)"])
      }
    } catch {
      logger.error("the primary's accounts cannot be copied", metadata: ["primary": "\(primary)", "error": "\(error)"])
    }
  }
}
