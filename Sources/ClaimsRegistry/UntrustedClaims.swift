import Claims
import ClaimsStore
import Nkeys
import Synchronization

/// Accounts whose claims are served although no key that is trusted now signed them.
///
/// What follows from the index is counted anew when the trust changed, and at most once a second when accounts did: anyone may ask.
final class UntrustedClaims: Sendable {
  /// What was found.
  struct Finding: Sendable {
    /// How many accounts there are.
    var count = 0
    /// A line for each of the first of them.
    var texts: [String] = []
  }

  private struct State {
    var finding = Finding()
    var sequence: Int64 = -1
    var signers: Set<String> = []
    var time: ContinuousClock.Instant?
  }

  private static let interval = Duration.seconds(1)

  private let state = Mutex(State())

  /// The accounts under this trust.
  func finding(in store: Store, trust: Trust, now: ContinuousClock.Instant = .now) -> Finding {
    let sequence = store.lastSequence
    return state.withLock { state in
      let isRecent = state.time.map { $0.duration(to: now) < Self.interval } ?? false
      if state.signers == trust.accountSigners, state.sequence == sequence || isRecent { return state.finding }
      state.finding = Self.search(store.index, trust: trust)
      state.sequence = sequence
      state.signers = trust.accountSigners
      state.time = now
      return state.finding
    }
  }

  private static func search(_ index: AccountIndex, trust: Trust) -> Finding {
    // Without any operator there is nothing to tell apart, and that is a problem of its own.
    guard !trust.operators.isEmpty else { return Finding() }
    // Issuers are few: each is judged once.
    var verdicts: [InternedName: Bool] = [:]
    let accounts = index.accounts { entry in
      guard !entry.isDeleted else { return false }
      if let verdict = verdicts[entry.issuer] { return verdict }
      let verdict = !trust.accountSigners.contains(index.text(of: entry.issuer))
      verdicts[entry.issuer] = verdict
      return verdict
    }
    let texts = accounts.prefix(Warnings.shown).compactMap { account -> String? in
      guard let entry = index.bareEntry(of: account.raw) else { return nil }
      let issuer = PlainText.line(index.text(of: entry.issuer), limit: 64)
      return "\(account): signed by \(issuer), which is no key of a trusted operator: have the account signed again"
    }
    return Finding(count: accounts.count, texts: texts.sorted())
  }
}

extension Registry {
  /// Accounts whose claims are served although no key that is trusted now signed them: how many, and a line for each of the first.
  public var untrusted: (count: Int, texts: [String]) {
    let finding = untrustedClaims.finding(in: store, trust: trust.current)
    return (finding.count, finding.texts)
  }
}
