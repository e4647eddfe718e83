import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// The framework's HTTP/1.1 channel with our limits around it and the lookup handler in it.
struct LimitedChannel: ServerChildChannel {
  typealias Value = HTTP1Channel.Value

  let limits: HTTPLimits
  let lookups: Lookups
  let connections: ConnectionCount
  let metrics: HTTPMetrics
  private let http: HTTP1Channel

  init(
    responder: @escaping HTTPChannelHandler.Responder, limits: HTTPLimits, lookups: Lookups, connections: ConnectionCount,
    metrics: HTTPMetrics
  ) {
    self.limits = limits
    self.lookups = lookups
    self.connections = connections
    self.metrics = metrics
    http = HTTP1Channel(
      responder: responder,
      configuration: .init(
        additionalChannelHandlers: [LookupHandler(lookups)],
        httpDecoderConfiguration: .init(
          maxHeaderFieldSize: limits.headerBlock, maxHeaderListSize: limits.headerBlock, maxHeaderFieldCount: limits.headerFields)))
  }

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    let isAdmitted = connections.enter()
    channel.closeFuture.whenComplete { [connections] _ in connections.leave() }
    return http.setup(channel: channel, logger: logger).flatMapThrowing { value in
      let state = ConnectionState(limits: limits)
      let pipeline = channel.pipeline.syncOperations
      let codec = try pipeline.handler(type: HTTP1ToHTTPServerCodec.self)
      try pipeline.addHandler(RequestLimits(state: state, limits: limits, metrics: metrics), position: .after(codec))
      try pipeline.addHandler(HTTP10Handler(), position: .before(codec))
      try pipeline.addHandler(ConnectionGuard(state: state, metrics: metrics), position: .first)
      if !isAdmitted {
        metrics.refused("full")
        channel.close(promise: nil)
      }
      return value
    }
  }

  func handle(value: Value, logger: Logger) async {
    await http.handle(value: value, logger: logger)
  }
}
