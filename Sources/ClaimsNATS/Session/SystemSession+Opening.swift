extension SystemSession {
  /// Waits for the first connection, and takes what ``standings`` tell until then.
  ///
  /// - Returns: the server.
  /// - Throws: ``NATSError`` `notSystemAccount` when the user is not of the system account, `unreachable` with every server's reason when each
  ///   was tried once in vain. The session goes on trying until it is closed.
  public func firstConnection() async throws(NATSError) -> ServerIdentity {
    var failures: [String] = []
    for await standing in standings {
      switch standing {
      case .connected(let server): return server
      case .unusable(let reason): throw NATSError(.notSystemAccount, reason)
      case .disconnected(let reason):
        failures.append(reason)
        if failures.count >= servers { throw NATSError(.unreachable, failures.joined(separator: "; ")) }
      }
    }
    throw NATSError(.closed, "the session was ended")
  }
}
