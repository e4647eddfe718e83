import ArgumentParser
import Claims
import ClaimsRegistry

/// `nats-claims undelete`
struct Undelete: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Bring back the claims that a deletion removed.",
    discussion: """
      Beside the store only: through the socket of the server that runs on the directory, or, when none runs, in the store itself. The claims \
      must still be acceptable: not expired, signed by a key that is trusted today.

      Examples:
        nats-claims undelete -dir /var/lib/jwt AD52CMZILOWBTA3JLYFUVY4RSC5O3BOPQTGHEJIRPRAXK4MEZTZYT5Q6
      """)

  @Argument(help: "The account's key.")
  var account: String

  @OptionGroup var store: StoreOption

  func run() async throws {
    do {
      let account = try AccountKey(account)
      Console.print(
        try await StoreDoor(option: store).ask("/api/v1/accounts/\(account)/undelete") { registry, requester in
          _ = try await registry.undelete(account, by: requester)
          return "undeleted \(account)"
        })
    } catch let error as ClaimsError {
      throw CommandFailure(error.message)
    } catch let refusal as Refusal {
      throw CommandFailure(refusal.message)
    }
  }
}
