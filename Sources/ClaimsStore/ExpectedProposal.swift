/// A proposal that is on its way, and may come: as long as this lives, transactions gather for it (see ``Store/expectProposal()``).
public final class ExpectedProposal: Sendable {
  private let commits: GroupCommit

  init(_ commits: GroupCommit) {
    self.commits = commits
    commits.expect()
  }

  deinit { commits.arrived() }

  /// Submits the proposal, as ``Store/submit(_:done:)`` does, to a transaction that gathers for others on their way.
  public func submit(_ proposal: Proposal, done: @escaping @Sendable (Result<Verdict, any Error>) -> Void) {
    commits.submit(proposal, isExpected: true, done: done)
  }
}
