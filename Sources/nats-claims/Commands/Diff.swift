import ArgumentParser
import Claims
import ClaimsRegistry

/// `nats-claims diff`
struct Diff: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tell what changed between two tokens of one subject.",
    discussion: """
      Prints a line for each change, and nothing when the claims say the same. A signature that does not hold is told on standard error; the \
      claims are compared all the same. With --exit-code the exit code is 1 when something changed, as git's.

      With --json one object: `type`, `subject`, and `changes`, each with the `path` in the token's JSON, `change` (added, removed, changed, \
      reordered), `old`, `new`, and the line in words as `text`.

      Examples:
        nats-claims diff AD52CMZILOWBTA3JLYFUVY4RSC5O3BOPQTGHEJIRPRAXK4MEZTZYT5Q6 account.jwt
        nats-claims diff before.jwt after.jwt
        nats-claims diff --json http://one:9090/jwt/v1/operator http://two:9090/jwt/v1/operator
      """)

  @Argument(help: "The old token: an account's key (asked of the server), a URL, a file, or - for standard input.", completion: .file())
  var old: TokenSource

  @Argument(help: "The new token, named in the same ways.", completion: .file())
  var new: TokenSource

  @OptionGroup var server: ServerOption

  @Flag(help: "Print the changes as JSON.")
  var json = false

  @Flag(help: "Exit with 1 when something changed.")
  var exitCode = false

  func validate() throws {
    if old.text == "-", new.text == "-" { throw ValidationError("only one of the two tokens can come from standard input") }
  }

  func run() async throws {
    let difference = try compare(try await claims(old), try await claims(new))
    if json {
      Console.print(difference.jsonText)
    } else {
      for line in difference.lines { Console.print(PlainText.line(line, limit: 2000)) }
    }
    if exitCode, !difference.isEmpty { throw ExitCode.failure }
  }

  private func claims(_ source: TokenSource) async throws -> Claims {
    let token = try await source.token(from: server)
    do throws(ClaimsError) {
      let decoded = try DecodedToken.decode(token)
      warn(of: decoded, source)
      return decoded.claims
    } catch {
      throw CommandFailure("\(source.text): \(error.message)")
    }
  }

  private func warn(of decoded: DecodedToken, _ source: TokenSource) {
    do throws(ClaimsError) {
      _ = try decoded.verify()
    } catch {
      Console.note(PlainText.line("warning: \(source.text): \(error.message)", limit: 2000))
    }
  }

  private func compare(_ old: Claims, _ new: Claims) throws -> ClaimsDifference {
    do throws(ClaimsError) {
      return try ClaimsDifference(from: old, to: new)
    } catch {
      throw CommandFailure(error.message)
    }
  }
}
