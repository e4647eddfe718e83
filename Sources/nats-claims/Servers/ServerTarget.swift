import ArgumentParser
import ClaimsNATS
import ClaimsRegistry
import Nkeys

/// Which server is asked: an id, a name, or all of them.
enum ServerTarget: ExpressibleByArgument, Hashable {
  case all
  case id(String)
  case name(String)

  init?(argument: String) {
    guard !argument.isEmpty else { return nil }
    if argument == "all" {
      self = .all
    } else if let key = try? PublicKey(argument), key.role == .server {
      self = .id(argument)
    } else {
      self = .name(argument)
    }
  }

  /// Asks, and gathers the replies.
  ///
  /// - Throws: ``CommandFailure`` when nobody answers, or nobody has the name.
  func ask(
    _ session: SystemSession, _ endpoint: ServerEndpoint, _ payload: [UInt8], _ options: FleetOptions
  ) async throws -> SystemSession.FleetReplies {
    switch self {
    case .all:
      let replies = try await session.askFleet(endpoint.fleetSubject, payload, within: options.patience)
      guard !replies.readable.isEmpty || replies.unreadable > 0 else { throw options.nobody(at: endpoint.fleetSubject) }
      return replies
    case .id(let id): return try await ask(id, session, endpoint, payload, options)
    case .name(let name):
      var replies = SystemSession.FleetReplies()
      for id in try await ids(of: name, session, options) { replies.append(try await ask(id, session, endpoint, payload, options)) }
      return replies
    }
  }

  private func ask(
    _ id: String, _ session: SystemSession, _ endpoint: ServerEndpoint, _ payload: [UInt8], _ options: FleetOptions
  ) async throws -> SystemSession.FleetReplies {
    let subject = endpoint.subject(of: id)
    let replies = try await session.askServer(subject, payload, within: options.patience)
    guard !replies.readable.isEmpty || replies.unreadable > 0 else { throw options.nobody(at: subject) }
    return replies
  }

  /// The ids of the servers with just this name: servers of some versions take the filter of a ping for a part of the name.
  private func ids(of name: String, _ session: SystemSession, _ options: FleetOptions) async throws -> [String] {
    let fleet = try await session.askFleet(ServerEndpoint.pingSubject, within: options.patience).readable
    let ids = fleet.filter { $0.server.name == name }.map(\.server.id)
    guard ids.isEmpty else { return ids }
    let names = fleet.map { PlainText.line($0.server.label) }.sorted().joined(separator: ", ")
    throw fleet.isEmpty
      ? options.nobody(at: ServerEndpoint.pingSubject) : CommandFailure("no server is named \(name); these answered: \(names)")
  }
}
