import NIOCore
import NIOHTTP1

/// Counts bodies, ends connections that are to end, and holds reading while a client does not take its answers.
///
/// It sits on the HTTP codec, below everything that answers, so that it sees all requests of a connection. A request with too large a body is
/// passed on as far as it is needed for its refusal; what follows is thrown away, and after the answer the connection is half closed for a
/// moment (so that the refusal is not lost to a reset) and then closed.
final class RequestLimits: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  private let state: ConnectionState
  private let largestBody: Int
  private let metrics: HTTPMetrics
  private var bodyBytes = 0
  /// Whether requests came after the last one: they get no answer.
  private var isIgnoring = false
  private var isReadHeld = false
  /// Whether the request that was read last is whole.
  private var isWhole = true

  init(state: ConnectionState, limits: HTTPLimits, metrics: HTTPMetrics) {
    self.state = state
    self.metrics = metrics
    largestBody = limits.body
  }

  // MARK: Requests

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let request):
      guard case .open = state.ending else {
        isIgnoring = true
        return
      }
      isWhole = false
      begin(request, context)
    case .body(let bytes):
      guard isReadingBody else { return }
      bodyBytes += bytes.readableBytes
      if bodyBytes > largestBody { refuse(context) }
    case .end:
      isWhole = true
      guard isReadingBody else { return }
      state.deadlines.requestEnded()
    }
    context.fireChannelRead(data)
  }

  private var isReadingBody: Bool {
    switch state.ending {
    case .open, .last: !isIgnoring
    case .refusing, .lingering: false
    }
  }

  private func begin(_ request: HTTPRequestHead, _ context: ChannelHandlerContext) {
    state.deadlines.headersEnded(.now())
    bodyBytes = 0
    // The answers speak HTTP/1.1, so a client of HTTP/1.0 gets one.
    if request.version == .http1_0 || request.headers.asksToClose { state.ending = .last }
    if let length = request.headers.declaredLength, length > largestBody {
      refuse(context)
    } else if request.version != .http1_0, request.headers.expectsContinue, state.deadlines.outstanding == 1 {
      context.writeAndFlush(wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))), promise: nil)
    }
  }

  private func refuse(_ context: ChannelHandlerContext) {
    metrics.refused("too_large")
    state.deadlines.requestEnded()
    // A route that ignores bodies may have answered already.
    if state.deadlines.outstanding == 0 {
      linger(context)
    } else {
      state.ending = .refusing
    }
  }

  /// Half closes the connection: what the client still sends is thrown away for a moment.
  private func linger(_ context: ChannelHandlerContext) {
    state.ending = .lingering
    state.deadlines.lingering(.now())
    state.deadlineMoved?()
    context.close(mode: .output, promise: nil)
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    switch event {
    case is ChannelShouldQuiesceEvent:
      if case .open = state.ending, state.deadlines.outstanding > 0 { state.ending = .last }
    case ChannelEvent.inputClosed:
      if case .lingering = state.ending { return context.close(promise: nil) }
    default:
      break
    }
    context.fireUserInboundEventTriggered(event)
  }

  /// A request that cannot be parsed is answered by the framework; it is the last. What follows the last one is no request: it must not be
  /// answered in the place of one that is still worked on.
  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if case .last = state.ending, isWhole, state.deadlines.outstanding > 0 { return state.deadlines.requestEnded() }
    if case .open = state.ending { state.ending = .last }
    state.deadlines.requestEnded()
    context.fireErrorCaught(error)
  }

  // MARK: Answers

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    switch unwrapOutboundIn(data) {
    case .head(var response):
      if state.isLastAnswer, response.status != .continue {
        response.headers.replaceOrAdd(name: "Connection", value: "close")
        return context.write(wrapOutboundOut(.head(response)), promise: promise)
      }
    case .end:
      let isLast = state.isLastAnswer
      state.deadlines.answerEnded(.now())
      if isLast { return end(context, data, promise) }
    case .body:
      break
    }
    context.write(data, promise: promise)
  }

  private func end(_ context: ChannelHandlerContext, _ data: NIOAny, _ promise: EventLoopPromise<Void>?) {
    let written = promise ?? context.eventLoop.makePromise(of: Void.self)
    let bound = NIOLoopBound((limits: self, context: context), eventLoop: context.eventLoop)
    if case .refusing = state.ending {
      written.futureResult.whenComplete { _ in bound.value.limits.linger(bound.value.context) }
    } else {
      written.futureResult.whenComplete { _ in bound.value.context.close(promise: nil) }
    }
    context.writeAndFlush(data, promise: written)
  }

  // MARK: Back-pressure

  func read(context: ChannelHandlerContext) {
    guard context.channel.isWritable else {
      isReadHeld = true
      return
    }
    context.read()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if isReadHeld, context.channel.isWritable {
      isReadHeld = false
      context.read()
    }
    context.fireChannelWritabilityChanged()
  }
}

@available(*, unavailable)
extension RequestLimits: Sendable {}
