import ArgumentParser
import Claims
import ClaimsRegistry
import Nkeys

/// `nats-claims list`
struct List: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the accounts that a server holds.",
    discussion: """
      Examples:
        nats-claims list
        nats-claims list --json --url http://10.0.0.1:9090
      """)

  @OptionGroup var server: ServerOption

  @Flag(help: "Print one JSON array.")
  var json = false

  private struct Line: Encodable {
    let account: String
    let name: String
    let issuer: String
    let issued: Int64
    let expires: Int64?
  }

  func run() async throws {
    let lines = try await server.client().pack().map { token in
      let common = try DecodedToken.decode(token).claims.common
      return Line(
        account: common.sub.text, name: common.name, issuer: common.iss.text, issued: common.iat, expires: common.exp > 0 ? common.exp : nil
      )
    }
    if json { return Console.print(try JSONOutput.text(lines)) }
    for line in lines {
      let expiry = line.expires.map { ", expires \(Timestamp.text($0))" } ?? ""
      let account = PlainText.line(line.account)
      Console.print("\(account)  \(PlainText.line(line.name))  (issued \(Timestamp.text(line.issued))\(expiry))")
    }
  }
}
