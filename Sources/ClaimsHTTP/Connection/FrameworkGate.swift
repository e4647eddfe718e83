import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// A connection as the framework serves it.
typealias FrameworkConnection = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

/// The end of a connection's pipeline until the framework is needed: it puts the framework's handlers behind itself when the first request comes
/// that nobody in front has answered, or the first that cannot be read. Most connections never get there, and one that lies idle takes half the
/// memory without it.
final class FrameworkGate: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart

  private let state: ConnectionState
  private let logger: Logger
  private let serve: (FrameworkConnection) -> Void
  private var isOpen = false

  /// - Parameters:
  ///   - state: of the connection.
  ///   - logger: for the framework.
  ///   - serve: has the framework serve the connection from now on.
  init(state: ConnectionState, logger: Logger, serve: @escaping (FrameworkConnection) -> Void) {
    self.state = state
    self.logger = logger
    self.serve = serve
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    open(context)
    context.fireChannelRead(data)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    open(context)
    context.fireErrorCaught(error)
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if isOpen { return context.fireUserInboundEventTriggered(event) }
    switch event {
    // A client that has no more to say has its answers, and a server that stops keeps no connection that lies idle.
    case ChannelEvent.inputClosed, is ChannelShouldQuiesceEvent:
      if state.deadlines.outstanding == 0 { context.close(promise: nil) }
    default:
      context.fireUserInboundEventTriggered(event)
    }
  }

  private func open(_ context: ChannelHandlerContext) {
    guard !isOpen else { return }
    isOpen = true
    let pipeline = context.pipeline.syncOperations
    do {
      try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: false))
      try pipeline.addHandler(HTTPConnectionStateHandler(logger: logger))
      serve(
        try FrameworkConnection(
          wrappingChannelSynchronously: context.channel, configuration: .init(isOutboundHalfClosureEnabled: true)))
    } catch {
      // A pipeline takes no handlers only when its channel is closed.
      context.close(promise: nil)
    }
  }
}

@available(*, unavailable)
extension FrameworkGate: Sendable {}
