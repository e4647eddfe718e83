import NIOCore

/// Closes a connection that misses a deadline. It sits nearest to the network and sees bytes.
///
/// One timer a connection: it is set again only when an earlier deadline appears, so that a request which arrives whole costs no timer.
final class ConnectionGuard: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  private let state: ConnectionState
  private let metrics: HTTPMetrics
  private var timer: (at: NIODeadline, task: Scheduled<Void>)?

  init(state: ConnectionState, metrics: HTTPMetrics) {
    self.state = state
    self.metrics = metrics
  }

  func handlerAdded(context: ChannelHandlerContext) {
    state.deadlineMoved = { [weak self] in self?.schedule(context) }
    if context.channel.isActive { schedule(context) }
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    state.deadlineMoved = nil
    timer?.task.cancel()
  }

  func channelActive(context: ChannelHandlerContext) {
    schedule(context)
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    timer?.task.cancel()
    timer = nil
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    state.deadlines.bytesArrived(.now())
    context.fireChannelRead(data)
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    context.fireChannelReadComplete()
    schedule(context)
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    state.deadlines.writable(context.channel.isWritable, .now())
    context.fireChannelWritabilityChanged()
    schedule(context)
  }

  private func schedule(_ context: ChannelHandlerContext) {
    guard let next = state.deadlines.next else { return }
    if let timer, timer.at <= next.at { return }
    timer?.task.cancel()
    let task = context.eventLoop.assumeIsolated().scheduleTask(deadline: next.at) { self.check(context) }
    timer = (next.at, task)
  }

  private func check(_ context: ChannelHandlerContext) {
    timer = nil
    guard context.channel.isActive else { return }
    guard let next = state.deadlines.next else {
      // The connection waits for us: look again when an idle time has passed.
      let at = NIODeadline.now() + .seconds(1)
      timer = (at, context.eventLoop.assumeIsolated().scheduleTask(deadline: at) { self.check(context) })
      return
    }
    guard next.at <= .now() else { return schedule(context) }
    if let reason = next.reason.counted { metrics.refused(reason) }
    context.close(promise: nil)
  }
}

@available(*, unavailable)
extension ConnectionGuard: Sendable {}
