import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// The framework's HTTP/1.1 channel with our limits around it and the handlers of lookups and pushes in front of it.
///
/// From the network inwards: guard (bytes), HTTP codec, limits, lookups, pushes, the framework.
struct LimitedChannel: ServerChildChannel {
  typealias Value = AcceptedConnection

  private let limits: HTTPLimits
  private let lookups: Lookups
  /// What takes pushes in front of the framework; nil where pushes are not that plain.
  private let pushes: Pushes?
  private let connections: ConnectionCount
  private let metrics: HTTPMetrics
  private let http: HTTP1Channel

  init(
    responder: @escaping HTTPChannelHandler.Responder, limits: HTTPLimits, lookups: Lookups, pushes: Pushes? = nil,
    connections: ConnectionCount,
    metrics: HTTPMetrics
  ) {
    self.limits = limits
    self.lookups = lookups
    self.pushes = pushes
    self.connections = connections
    self.metrics = metrics
    http = HTTP1Channel(
      responder: responder,
      configuration: .init(
        httpDecoderConfiguration: .init(
          maxHeaderFieldSize: limits.headerBlock, maxHeaderListSize: limits.headerBlock, maxHeaderFieldCount: limits.headerFields)))
  }

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    let isAdmitted = connections.enter()
    channel.closeFuture.whenComplete { [connections] _ in connections.leave() }
    return http.setup(channel: channel, logger: logger).map { AcceptedConnection($0) }.flatMapThrowing { connection in
      let state = ConnectionState(limits: limits)
      let connectionGuard = ConnectionGuard(state: state, metrics: metrics)
      let pipeline = channel.pipeline.syncOperations
      let typesCodec = try pipeline.handler(type: HTTP1ToHTTPServerCodec.self)
      try pipeline.addHandler(connectionGuard, position: .first)
      try pipeline.addHandlers(
        [
          RequestLimits(state: state, limits: limits, metrics: metrics),
          LookupHandler(lookups, state: state, connection: connectionGuard),
        ], position: .before(typesCodec))
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

  func handle(value: Value, logger: Logger) async {
    await http.handle(value: value.take(), logger: logger)
  }
}
