import ArgumentParser
import Claims
import ClaimsRegistry
import ServerConfig

/// The options by which a server of nats-claims is asked where nats-servers hold something else than what is stored.
struct DriftSource: ParsableArguments {
  @Flag(help: "Ask a server of nats-claims where nats-servers hold something else than what is stored.")
  var drift = false

  @Option(help: "That server, for --drift.")
  var url = "http://\(ServerDefaults.address)"

  @Option(help: "A file with the bearer token to show to that server, on its first line.", completion: .file())
  var tokenFile: String?

  /// Prints what differs; exit code 1 when anything does, or is not known.
  func printDrift(trust: ClientTrust, json: Bool) async throws {
    let client = try ServerClient(url, token: tokenFile.map { try BearerToken(file: $0).text }, trust: trust)
    let answer = try await client.api("/servers")
    guard answer.isOK, let read = try? JSONReader().read(answer.body), let drift = read["drift"]?.elements else {
      throw CommandFailure("\(url): the server does not say what nats-servers hold: \(answer.line)")
    }
    guard read["configured"]?.bool == true else {
      throw CommandFailure("\(url): the server is not connected to nats-servers (serve -nats)")
    }
    guard read["connected"]?.bool == true else {
      throw CommandFailure("\(url): the server has no connection to nats-servers now: what they hold is not known")
    }
    let servers = read["servers"]?.elements ?? []
    guard !servers.isEmpty else { throw CommandFailure("\(url): no nats-server said yet that it is there: what they hold is not known") }
    func names(_ state: String) -> [String] { servers.filter { $0["state"]?.text == state }.map { text($0, "name") } }
    // One that was killed may be back under another id.
    let live = Set(names("live"))
    let unseen = names("unseen").filter { !live.contains($0) }
    for name in unseen { Console.note("what \(name) holds is not known: nothing was heard of it for half a minute") }
    if json {
      FleetReport.printJSON(drift)
    } else if drift.isEmpty, unseen.isEmpty {
      Console.print("every nats-server holds what is stored, as far as they were asked")
    } else if !drift.isEmpty {
      let rows = drift.map { [text($0, "name"), text($0, "account"), text($0, "kind"), issued($0)] }
      for line in TextTable(titles: ["SERVER", "ACCOUNT", "HOLDS", "ISSUED"], rows: rows).lines { Console.print(line) }
    }
    if !drift.isEmpty || !unseen.isEmpty { throw ExitCode.failure }
  }

  private func text(_ drift: JSONValue, _ member: String) -> String { PlainText.line(drift[member]?.text ?? "") }

  private func issued(_ drift: JSONValue) -> String {
    let iat = drift["iat"]?.integer ?? 0
    return iat > 0 ? Timestamp.text(iat) : "-"
  }
}
