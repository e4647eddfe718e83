import Claims
import ClaimsRegistry

/// What the answer to a delete claim says: what was deleted, and what becomes of it in the nats-servers.
struct DeletionAnswer: Sendable {
  private static let resolversTime = Duration.milliseconds(500)

  let registry: Registry

  /// One line for each account, and one about the nats-servers. Those are asked only about accounts that they are not told of.
  func text(_ deletions: [Deletion]) async -> String {
    let open = deletions.filter { !$0.isClosed }.map(\.account)
    var answer = open.isEmpty ? nil : await registry.held.ask(open)
    if case .asked(let holders)? = answer, holders.values.contains(where: { !$0.isEmpty }) {
      // Resolvers that keep a directory of their own are told of the deletion meanwhile, and let the account go.
      do { try await Task.sleep(for: Self.resolversTime) } catch { return text(deletions, answer) }
      answer = await registry.held.ask(open)
    }
    return text(deletions, answer)
  }

  private func text(_ deletions: [Deletion], _ answer: HoldersAnswer?) -> String {
    deletions.map { deletion in
      "deleted \(deletion.account)\n\(deletion.isClosed ? closedLine : openLine(deletion.account, answer))\n"
    }.joined()
  }

  private var closedLine: String {
    registry.held.isAttached
      ? "closing claims are announced: nats-servers drop the account's clients"
      : "closing claims are stored, but no nats-server is configured here that they could be announced to"
  }

  private func openLine(_ account: AccountKey, _ answer: HoldersAnswer?) -> String {
    let cause = "no key of the operator was at hand to sign closing claims"
    switch answer {
    case .asked(let holders):
      guard let servers = holders[account] else { return "\(cause), and no nats-server said whether it holds the account" }
      guard !servers.isEmpty else { return "no nats-server that answered holds the account" }
      return
        "\(cause): these nats-servers still hold the account and let its clients in until they restart: \(servers.joined(separator: ", "))"
    case .notAsked(let reason):
      return "\(cause), and the nats-servers could not be asked whether they hold the account: \(reason)"
    case nil:
      return cause
    }
  }
}
