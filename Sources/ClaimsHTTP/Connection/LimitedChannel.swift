import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOSSL

/// An HTTP/1.1 connection with our limits around it, the handlers of lookups and pushes in front, and the framework behind them.
///
/// From the network inwards: TLS if there is any, guard (bytes), HTTP codec, limits, lookups, pushes, and the framework when it is needed.
struct LimitedChannel: HTTPChannelHandler {
  typealias Value = AcceptedConnection

  let responder: HTTPChannelHandler.Responder
  private let limits: HTTPLimits
  /// What answers lookups in front of the framework; nil where they are not open.
  private let lookups: Lookups?
  /// What takes pushes in front of the framework; nil where pushes are not that plain.
  private let pushes: Pushes?
  private let connections: ConnectionCount
  private let tasks: ConnectionTasks
  private let places = ConnectionPlaces()
  private let metrics: HTTPMetrics
  private let tls: TLSIdentity?

  init(
    responder: @escaping HTTPChannelHandler.Responder, limits: HTTPLimits, lookups: Lookups?, pushes: Pushes? = nil,
    connections: ConnectionCount, tasks: ConnectionTasks, metrics: HTTPMetrics, tls: TLSIdentity? = nil
  ) {
    self.responder = responder
    self.limits = limits
    self.lookups = lookups
    self.pushes = pushes
    self.connections = connections
    self.tasks = tasks
    self.metrics = metrics
    self.tls = tls
  }

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    // Asked now: a connection that is over has no address any more.
    let address = channel.countedAddress
    let admission = connections.enter(address)
    channel.closeFuture.whenComplete { [connections] _ in connections.leave(address) }
    return channel.eventLoop.makeCompletedFuture {
      try addHandlers(to: channel, logger)
      switch admission {
      case .admitted: break
      case .fullForAddress: refuse(channel, "address")
      case .full: places.displaceIdle(from: channel.eventLoop, after: limits.displacedAfter) { refuse(channel, "full") }
      }
      return AcceptedConnection(channel: channel)
    }
  }

  private func refuse(_ channel: any Channel, _ reason: String) {
    metrics.refused(reason)
    channel.close(promise: nil)
  }

  private func addHandlers(to channel: any Channel, _ logger: Logger) throws {
    let pipeline = channel.pipeline.syncOperations
    let state = ConnectionState(limits: limits)
    let connectionGuard = ConnectionGuard(state: state, places: places.places(on: channel.eventLoop), metrics: metrics)
    if let tls {
      try pipeline.addHandler(NIOSSLServerHandler(context: tls.context))
      try pipeline.addHandler(HandshakeDeadline(limit: limits.headersDeadline, metrics: metrics))
    }
    try pipeline.addHandler(connectionGuard)
    // Pipelined requests are kept in order by the handlers here and by the framework, which also writes the answer to one that cannot be read.
    try pipeline.configureHTTPServerPipeline(
      withPipeliningAssistance: false, withErrorHandling: false, withOutboundHeaderValidation: false, withEncoderConfiguration: .init(),
      withDecoderLimitConfiguration: limits.decoder)
    try pipeline.addHandler(RequestLimits(state: state, limits: limits, metrics: metrics))
    if let lookups { try pipeline.addHandler(LookupHandler(lookups, state: state, connection: connectionGuard)) }
    if let pushes { try pipeline.addHandler(PushHandler(pushes, state: state, connection: connectionGuard)) }
    let gate = FrameworkGate(state: state, logger: logger) { connection in
      tasks.add { await handleHTTP(asyncChannel: connection, logger: logger) }
    }
    try pipeline.addHandler(gate)
  }

  /// Nothing is to be done for a connection before it needs the framework.
  func handle(value: Value, logger: Logger) async {}
}

extension HTTPLimits {
  /// The limits of the header block.
  fileprivate var decoder: NIOHTTPDecoderLimitConfiguration {
    var decoder = NIOHTTPDecoderLimitConfiguration()
    decoder.maxHeaderFieldSize = headerBlock
    decoder.maxHeaderListSize = headerBlock
    decoder.maxHeaderFieldCount = headerFields
    return decoder
  }
}
