import NIOCore
import NIOTLS

/// Closes a connection whose handshake takes too long.
final class HandshakeDeadline: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer

  private let limit: TimeAmount
  private let metrics: HTTPMetrics
  private var timer: Scheduled<Void>?

  init(limit: TimeAmount, metrics: HTTPMetrics) {
    self.limit = limit
    self.metrics = metrics
  }

  func handlerAdded(context: ChannelHandlerContext) {
    let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
    timer = context.eventLoop.scheduleTask(in: limit) {
      bound.value.handler.metrics.refused("handshake")
      bound.value.context.close(promise: nil)
    }
  }

  func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .some(.handshakeCompleted) = event as? TLSUserEvent {
      timer?.cancel()
      context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }
    context.fireUserInboundEventTriggered(event)
  }

  func channelInactive(context: ChannelHandlerContext) {
    timer?.cancel()
    context.fireChannelInactive()
  }
}

@available(*, unavailable)
extension HandshakeDeadline: Sendable {}
