import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import NIOSSL

/// The framework's HTTP/1.1 channel with our limits around it and the handlers of lookups and pushes in front of it.
///
/// From the network inwards: TLS if there is any, guard (bytes), HTTP codec, limits, lookups, pushes, the framework.
struct LimitedChannel: ServerChildChannel {
  typealias Value = AcceptedConnection

  private let limits: HTTPLimits
  /// What answers lookups in front of the framework; nil where they are not open.
  private let lookups: Lookups?
  /// What takes pushes in front of the framework; nil where pushes are not that plain.
  private let pushes: Pushes?
  private let connections: ConnectionCount
  private let metrics: HTTPMetrics
  private let tls: TLSIdentity?
  private let http: HTTP1Channel

  init(
    responder: @escaping HTTPChannelHandler.Responder, limits: HTTPLimits, lookups: Lookups?, pushes: Pushes? = nil,
    connections: ConnectionCount, metrics: HTTPMetrics, tls: TLSIdentity? = nil
  ) {
    self.limits = limits
    self.lookups = lookups
    self.pushes = pushes
    self.connections = connections
    self.metrics = metrics
    self.tls = tls
    http = HTTP1Channel(
      responder: responder,
      configuration: .init(
        httpDecoderConfiguration: .init(
          maxHeaderFieldSize: limits.headerBlock, maxHeaderListSize: limits.headerBlock, maxHeaderFieldCount: limits.headerFields)))
  }

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    let isAdmitted = connections.enter()
    channel.closeFuture.whenComplete { [connections] _ in connections.leave() }
    do {
      try secure(channel)
    } catch {
      return channel.eventLoop.makeFailedFuture(error)
    }
    return http.setup(channel: channel, logger: logger).map { AcceptedConnection($0) }.flatMapThrowing { connection in
      let state = ConnectionState(limits: limits)
      let connectionGuard = ConnectionGuard(state: state, metrics: metrics)
      let pipeline = channel.pipeline.syncOperations
      let typesCodec = try pipeline.handler(type: HTTP1ToHTTPServerCodec.self)
      if tls == nil {
        try pipeline.addHandler(connectionGuard, position: .first)
      } else {
        try pipeline.addHandler(connectionGuard, position: .after(pipeline.handler(type: HandshakeDeadline.self)))
      }
      try pipeline.addHandler(RequestLimits(state: state, limits: limits, metrics: metrics), position: .before(typesCodec))
      if let lookups {
        try pipeline.addHandler(LookupHandler(lookups, state: state, connection: connectionGuard), position: .before(typesCodec))
      }
      if let pushes {
        try pipeline.addHandler(PushHandler(pushes, state: state, connection: connectionGuard), position: .before(typesCodec))
      }
      if !isAdmitted {
        metrics.refused("full")
        channel.close(promise: nil)
      }
      return connection
    }
  }

  /// Puts TLS between the network and everything else.
  private func secure(_ channel: any Channel) throws {
    guard let tls else { return }
    let pipeline = channel.pipeline.syncOperations
    try pipeline.addHandler(NIOSSLServerHandler(context: tls.context))
    try pipeline.addHandler(HandshakeDeadline(limit: limits.headersDeadline, metrics: metrics))
  }

  func handle(value: Value, logger: Logger) async {
    await http.handle(value: value.take(), logger: logger)
  }
}
