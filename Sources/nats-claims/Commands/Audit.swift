import ArgumentParser
import Claims
import ClaimsRegistry
import ClaimsStore

/// `nats-claims audit`
struct Audit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show and verify the log of every change: who changed what, and when.",
    discussion: """
      Reads the log beside a running server, or without one, and changes nothing. The records come oldest first; with -n only the newest ones.

      --verify recomputes the hash chain from the first record on, compares every token that is kept with its record and its signature, and \
      checks all that lies beside; every finding is one line. At the end it prints the head, SEQUENCE:HASH. Keep it elsewhere: --head says \
      later whether the log still passes through it, or was cut off or rewritten. Exit code 0 only if all is well.

      Examples:
        nats-claims audit
        nats-claims audit --follow --json
        nats-claims audit --account AD52CMZILOWBTA3JLYFUVY4RSC5O3BOPQTGHEJIRPRAXK4MEZTZYT5Q6 --since 24h
        nats-claims audit --kind put,delete --since 2026-11-01 --until 2026-11-30T23:59:59Z
        nats-claims audit --verify -dir /var/lib/jwt --head 1042:5f0c8c3de2a97b11
      """)

  @OptionGroup var log: LogOptions

  @Flag(name: .shortAndLong, help: "Go on with new records until interrupted.")
  var follow = false

  @Option(help: "Only changes of this account.")
  var account: AccountKey?

  @Option(help: "Only these kinds, with commas between: \(ChangeKind.allCases.map(\.name).joined(separator: ", ")).")
  var kind: ChangeKinds?

  @Option(help: "Only changes whose actor contains this text.")
  var actor: String?

  @Option(help: "Only tokens that this key signed.")
  var issuer: String?

  @Option(help: "Not before: seconds since 1970, RFC 3339, a day, or how long ago (24h, 7d).")
  var since: TimePoint?

  @Option(help: "Not after; as --since.")
  var until: TimePoint?

  @Option(name: [.customShort("n"), .long], help: "Only so many records: the newest ones, in their order.")
  var limit: Int?

  @Flag(help: "Begin with the newest record.")
  var newestFirst = false

  @Flag(help: "Verify the log instead of showing it.")
  var verify = false

  @Flag(name: .customLong("token-signatures"), inversion: .prefixedNo, help: "With --verify: check tokens' signatures.")
  var tokenSignatures = true

  @Option(help: "With --verify: a head noted earlier, SEQUENCE:HASH, that the chain must pass through; may be given several times.")
  var head: [LogHead] = []

  @Flag(help: "Print one JSON object a line.")
  var json = false

  func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit must be at least 1") }
    if follow, newestFirst { throw ValidationError("--follow shows what comes: it cannot begin with the newest record") }
    if verify, follow || newestFirst || limit != nil || filter != LogFilter() {
      throw ValidationError("--verify looks at the whole log: leave filters, --limit, --newest-first and --follow away")
    }
    if !verify, !head.isEmpty { throw ValidationError("--head goes with --verify") }
  }

  private var filter: LogFilter {
    var filter = LogFilter()
    filter.account = account
    filter.kinds = kind?.kinds ?? []
    filter.actor = actor
    filter.issuer = issuer
    filter.since = since?.milliseconds
    filter.until = until?.milliseconds
    return filter
  }

  func run() async throws {
    let reader = try log.open()
    if verify {
      return try await LogVerification(reader: reader, heads: head, checksSignatures: tokenSignatures, json: json).run()
    }
    do {
      let head = try LogListing(reader: reader, filter: filter, limit: limit, newestFirst: newestFirst, json: json).run().head
      guard follow else { return }
      var follower = LogFollower(log, filter: filter, after: head)
      try await follower.follow { logged in
        try AuditLine(logged).print(json: json)
        return true
      }
    } catch let error as StoreError {
      throw CommandFailure("\(error.description); nats-claims audit --verify says more")
    }
  }
}
