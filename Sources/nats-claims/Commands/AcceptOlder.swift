import ArgumentParser
import Claims
import ClaimsRegistry
import ClaimsStore

/// `nats-claims accept-older`
struct AcceptOlder: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "accept-older",
    abstract: "Store account claims although newer ones are stored, or the account was deleted.",
    discussion: """
      Beside the store only: through the socket of the server that runs on the directory, or, when none runs, in the store itself. Everything \
      but the claims' age is judged as for a push, and the log shows it as a change of its own kind. What was refused as older before is \
      refused afterwards too.

      Examples:
        nats-claims accept-older -dir /var/lib/jwt yesterday.jwt
      """)

  @Argument(help: "Token files, or - for standard input.", completion: .file())
  var paths: [String]

  @OptionGroup var store: StoreOption

  func run() async throws {
    var failures = 0
    for input in try TokenInput.read(paths) {
      do {
        Console.print(try await accept(input.token))
      } catch let error as CommandFailure {
        failures += 1
        Console.note("\(input.name): \(error.description)")
      }
    }
    if failures > 0 { throw ExitCode(1) }
  }

  private func accept(_ token: Token) async throws -> String {
    let account: AccountKey
    do throws(ClaimsError) {
      account = try AccountKey(DecodedToken.decode(token).claims.common.sub)
    } catch {
      throw CommandFailure(error.message)
    }
    do {
      return try await StoreDoor(option: store).ask("/api/v1/accounts/\(account)/accept-older", body: token.bytes) { registry, requester in
        switch try await registry.acceptOlder(token, expected: account, by: requester) {
        case .committed(let record): "accepted: \(account), record \(record.sequence), kind \(record.change.kind.name)"
        case .unchanged: "unchanged: these claims of \(account) are stored already"
        }
      }
    } catch let refusal as Refusal {
      throw CommandFailure(refusal.message)
    }
  }
}
