/// A proposal that is being judged and may come: as long as this lives, transactions gather for it (see ``Store/expectProposal()``).
public final class ExpectedProposal: Sendable {
  private let commits: GroupCommit

  init(_ commits: GroupCommit) {
    self.commits = commits
    commits.expect()
  }

  deinit { commits.judged() }
}
