import ArgumentParser
import Claims
import ClaimsStore

/// `nats-claims history`
struct History: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show the changes of an account, newest first.",
    discussion: """
      Reads the log of a directory, as `nats-claims audit --account KEY --newest-first` does.

      Examples:
        nats-claims history AD52CMZILOWBTA3JLYFUVY4RSC5O3BOPQTGHEJIRPRAXK4MEZTZYT5Q6
      """)

  @Argument(help: "The account's key.")
  var account: AccountKey

  @OptionGroup var log: LogOptions

  @Option(name: [.customShort("n"), .long], help: "At most so many records.")
  var limit: Int?

  @Flag(help: "Print one JSON object a line.")
  var json = false

  func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit must be at least 1") }
  }

  func run() throws {
    var filter = LogFilter()
    filter.account = account
    let reader = try log.open()
    do {
      let count = try LogListing(reader: reader, filter: filter, limit: limit, newestFirst: true, json: json).run().count
      guard count > 0 else { throw CommandFailure("\(account): the log holds no change of this account") }
    } catch let error as StoreError {
      throw CommandFailure("\(error.description); nats-claims audit --verify says more")
    }
  }
}
