import NIOCore

/// Closes a connection that misses a deadline, and writes answers that are bytes already. It sits nearest to the network.
///
/// One timer a connection: it is set again only when an earlier deadline appears, so that a request which arrives whole costs no timer.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// Its place among the connections of its event loop.
  var place: Int?

  private let state: ConnectionState
  private let places: LoopPlaces
  private let metrics: HTTPMetrics
  private var context: ChannelHandlerContext?
  private var timer: (at: NIODeadline, task: Scheduled<Void>)?

  init(state: ConnectionState, places: LoopPlaces, metrics: HTTPMetrics) {
    self.state = state
    self.places = places
    self.metrics = metrics
  }

  // MARK: Answers

  /// Writes a whole answer below the HTTP codec; with `isLast`, the connection is closed when it is out.
  func write(_ answer: ByteBuffer, isLast: Bool) {
    guard let context else { return }
    state.deadlines.answerEnded(.now())
    guard isLast else { return context.write(wrapOutboundOut(answer), promise: nil) }
    let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
    context.writeAndFlush(wrapOutboundOut(answer)).whenComplete { _ in bound.value.close(promise: nil) }
  }

  /// Sends what was written.
  func flush() { context?.flush() }

  /// A connection that is to be closed from within is closed when what was written is out: a stopping server must not cut its last answers.
  func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
    guard mode == .all else { return context.close(mode: mode, promise: promise) }
    let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
    context.writeAndFlush(wrapOutboundOut(ByteBuffer())).whenComplete { _ in bound.value.close(mode: .all, promise: promise) }
  }

  // MARK: Room

  /// Since when the connection lies idle; nil when it does not.
  var idleSince: NIODeadline? { state.deadlines.idleSince }

  /// Closes the connection, so that another has room.
  func displace() {
    places.remove(self)
    metrics.refused("displaced")
    context?.close(promise: nil)
  }

  // MARK: Deadlines

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    places.add(self)
    state.deadlineMoved = { [weak self] in self?.schedule() }
    if context.channel.isActive { schedule() }
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    timer?.task.cancel()
    places.remove(self)
    state.deadlineMoved = nil
    self.context = nil
  }

  func channelActive(context: ChannelHandlerContext) {
    schedule()
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    timer?.task.cancel()
    timer = nil
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard state.take(unwrapInboundIn(data).readableBytes) else {
      metrics.refused("too_large")
      return context.close(promise: nil)
    }
    context.fireChannelRead(data)
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    context.fireChannelReadComplete()
    schedule()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    state.deadlines.writable(context.channel.isWritable, .now())
    context.fireChannelWritabilityChanged()
    schedule()
  }

  private func schedule() {
    guard let context, let next = state.deadlines.next else { return }
    if let timer, timer.at <= next.at { return }
    set(next.at, context)
  }

  private func set(_ at: NIODeadline, _ context: ChannelHandlerContext) {
    timer?.task.cancel()
    timer = (at, context.eventLoop.assumeIsolated().scheduleTask(deadline: at) { [weak self] in self?.check() })
  }

  private func check() {
    timer = nil
    guard let context, context.channel.isActive else { return }
    // While the connection waits for us there is no deadline: look again in a second.
    guard let next = state.deadlines.next else { return set(.now() + .seconds(1), context) }
    guard next.at <= .now() else { return set(next.at, context) }
    if let reason = next.reason.counted { metrics.refused(reason) }
    context.close(promise: nil)
  }
}

@available(*, unavailable)
extension ConnectionGuard: Sendable {}
