import ClaimsNATS
import ClaimsRegistry

/// Tells on standard error what becomes of a session's connection, until it is closed.
struct ConnectionNotes: Sendable {
  private static let mostComplaints = 100

  let session: SystemSession

  func run() async {
    async let complaints: Void = tellComplaints()
    await tellStandings()
    await complaints
  }

  private func tellStandings() async {
    var isConnected = true
    for await standing in session.standings {
      switch standing {
      case .connected(let server):
        if !isConnected { Console.note("connected again, to \(PlainText.line(server.description))") }
      case .disconnected(let reason) where isConnected:
        Console.note("the connection is lost (\(PlainText.line(reason))): trying again; what happens meanwhile is not shown")
      case .unusable(let reason): Console.note(PlainText.line(reason, limit: 1000))
      case .disconnected: break
      }
      isConnected = standing.isConnected
    }
  }

  private func tellComplaints() async {
    // The same comes again with every connection.
    var told: Set<String> = []
    var untold = 0
    for await complaint in session.complaints where !told.contains(complaint.message) {
      guard told.count < Self.mostComplaints else {
        untold += 1
        continue
      }
      told.insert(complaint.message)
      Console.note("the server complains: \(PlainText.line(complaint.message, limit: 1000))")
    }
    untold += session.unheard
    if untold > 0 { Console.note("\(untold) more notes about the connection are not shown") }
  }
}
