import CNATS

/// Connects with cnats, the C client of the NATS project.
struct CNATSConnector: NATSConnector {
  let options: NATSOptions

  func connect(
    to server: ServerAddress, listening subscriptions: [Subscription], events: @escaping @Sendable (ConnectionEvent) -> Void
  ) async throws(NATSError) -> any NATSConnection {
    let queue = BlockingQueue("nats-claims.nats")
    return try await queue.run { [options] () throws(NATSError) in
      let ending = ConnectionEnding()
      let sink = EventSinks.shared.add { event in
        if let event = ending.told(event) { events(event) }
      }
      do throws(NATSError) {
        if let file = options.credentialsFile { try UserCredentials.checkReadable(file) }
        let handle = try Self.open(options, server: server, sink: sink)
        return try CNATSConnection(handle, listening: subscriptions, sink: sink, queue: queue)
      } catch {
        EventSinks.shared.remove(sink)
        throw error
      }
    }
  }

  /// Opens a connection: with TLS when the URL, a certificate authority or the server asks for it, as other clients do.
  private static func open(_ options: NATSOptions, server: ServerAddress, sink: UInt) throws(NATSError) -> OpaquePointer {
    let usesTLS = server.usesTLS || options.certificateAuthorityFile != nil
    var connection: OpaquePointer?
    var status = try attempt(options, server: server, usesTLS: usesTLS, sink: sink, into: &connection)
    if status == NATS_SECURE_CONNECTION_REQUIRED, !usesTLS {
      status = try attempt(options, server: server, usesTLS: true, sink: sink, into: &connection)
    }
    guard status == NATS_OK, let connection else {
      let error = NATSError(lastErrorOnThread: status)
      throw NATSError(error.code, "\(server.url): \(error.message)")
    }
    return connection
  }

  private static func attempt(
    _ options: NATSOptions, server: ServerAddress, usesTLS: Bool, sink: UInt, into connection: inout OpaquePointer?
  ) throws(NATSError) -> natsStatus {
    let settings = try CNATSOptions(options, server: server, usesTLS: usesTLS, sink: sink)
    return natsConnection_Connect(&connection, settings.handle)
  }
}
