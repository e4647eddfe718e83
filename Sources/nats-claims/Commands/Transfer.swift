import ArgumentParser
import Claims
import ClaimsRegistry

/// `nats-claims transfer`
struct Transfer: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Give an account to another operator that is trusted here.",
    discussion: """
      An account belongs to the operator that signed its first token, and another operator's tokens are refused. After a transfer the new \
      operator's tokens are accepted and the old one's refused; the log shows it. Beside the store only: through the socket of the server that \
      runs on the directory, or, when none runs, in the store itself.

      Examples:
        nats-claims transfer AD52CMZILOWBTA3JLYFUVY4RSC5O3BOPQTGHEJIRPRAXK4MEZTZYT5Q6 --to OBYLFZTX... -dir /var/lib/jwt
      """)

  @Argument(help: "The account's key.")
  var account: String

  @Option(name: .customLong("to"), help: "The new operator's identity key.")
  var newOperator: String

  @OptionGroup var store: StoreOption

  func run() async throws {
    do {
      let account = try AccountKey(account)
      guard newOperator.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) else {
        throw CommandFailure("--to: \(newOperator) is no operator's key")
      }
      let text = try await StoreDoor(option: store).ask("/api/v1/accounts/\(account)/transfer?operator=\(newOperator)") {
        registry, requester in
        try await registry.transfer(account, to: newOperator, by: requester)
        return "transferred \(account) to \(newOperator)"
      }
      Console.print(text)
    } catch let error as ClaimsError {
      throw CommandFailure(error.message)
    } catch let refusal as Refusal {
      throw CommandFailure(refusal.message)
    }
  }
}
