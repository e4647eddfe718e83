import Claims
import ClaimsStore
import Nkeys

extension Registry {
  /// Asks the nats-servers from time to time about deleted accounts that they may still hold, until the task is cancelled; at first about all
  /// that are deleted, since servers may have been away, or we.
  public func followHeldAccounts(every interval: Duration = HeldAccounts.interval) async {
    held.watch(store.index.accounts { $0.isDeleted })
    await held.follow(every: interval) { [store] account in store.index.entry(of: account.raw)?.isDeleted ?? false }
  }

  /// What is to be said of deleted accounts that servers hold.
  var heldAccountTexts: [String] {
    held.held { store.index.entry(of: $0.raw)?.isDeleted ?? false }.map { account, servers in
      "the account \(account) is deleted, but still held by \(servers.joined(separator: ", ")): its clients are let in there; restart these "
        + "servers, or push new claims of the account and delete it with the operator's key at hand (serve --keys, or nats-claims delete)"
    }
  }
}
