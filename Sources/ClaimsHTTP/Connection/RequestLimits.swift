import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Counts bodies, ends connections that are to end, and holds reading while a client does not take its answers.
///
/// It sits between the HTTP codec and everything that answers, so that it sees all requests and all answers of a connection. A request with
/// too large a body is passed on as far as it is needed for its refusal; what follows is thrown away, and after the answer the connection is
/// half closed for a moment (so that the refusal is not lost to a reset) and then closed.
final class RequestLimits: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  private enum Ending {
    /// More requests may follow.
    case open
    /// The request being read, or the last one read, is the last.
    case last
    /// The last request is too large: nothing more is read of it.
    case refusing
    /// The refusal is written.
    case lingering
  }

  private let state: ConnectionState
  private let largestBody: Int
  private let metrics: HTTPMetrics
  private var ending = Ending.open
  private var bodyBytes = 0
  private var isReadHeld = false

  init(state: ConnectionState, limits: HTTPLimits, metrics: HTTPMetrics) {
    self.state = state
    self.metrics = metrics
    largestBody = limits.body
  }

  // MARK: Requests

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let request):
      guard case .open = ending else { return }
      begin(request, context)
      context.fireChannelRead(data)
    case .body(let bytes):
      guard isReadingBody else { return }
      bodyBytes += bytes.readableBytes
      if bodyBytes > largestBody { refuse() }
      context.fireChannelRead(data)
    case .end:
      guard isReadingBody else { return }
      state.deadlines.requestEnded()
      context.fireChannelRead(data)
    }
  }

  private var isReadingBody: Bool {
    switch ending {
    case .open, .last: true
    case .refusing, .lingering: false
    }
  }

  private func begin(_ request: HTTPRequest, _ context: ChannelHandlerContext) {
    state.deadlines.headersEnded(.now())
    bodyBytes = 0
    if request.headerFields.asksToClose { ending = .last }
    if let length = request.headerFields.declaredLength, length > largestBody {
      refuse()
    } else if request.headerFields.expectsContinue, state.deadlines.outstanding == 1 {
      context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
    }
  }

  private func refuse() {
    ending = .refusing
    metrics.refused("too_large")
    state.deadlines.requestEnded()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    switch event {
    case is ChannelShouldQuiesceEvent:
      if case .open = ending, state.deadlines.outstanding > 0 { ending = .last }
    case ChannelEvent.inputClosed:
      if case .lingering = ending { return context.close(promise: nil) }
    default:
      break
    }
    context.fireUserInboundEventTriggered(event)
  }

  /// A request that cannot be parsed is answered by the framework; it is the last.
  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if case .open = ending { ending = .last }
    state.deadlines.requestEnded()
    context.fireErrorCaught(error)
  }

  // MARK: Answers

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    switch unwrapOutboundIn(data) {
    case .head(var response):
      if isLastAnswer, response.status.kind != .informational {
        response.headerFields[.connection] = "close"
        return context.write(wrapOutboundOut(.head(response)), promise: promise)
      }
    case .end:
      let isLast = isLastAnswer
      state.deadlines.answerEnded(.now())
      if isLast { return end(context, data, promise) }
    case .body:
      break
    }
    context.write(data, promise: promise)
  }

  private var isLastAnswer: Bool {
    if case .open = ending { return false }
    return state.deadlines.outstanding <= 1
  }

  private func end(_ context: ChannelHandlerContext, _ data: NIOAny, _ promise: EventLoopPromise<Void>?) {
    let written = promise ?? context.eventLoop.makePromise(of: Void.self)
    let context = NIOLoopBound(context, eventLoop: context.eventLoop)
    if case .refusing = ending {
      ending = .lingering
      state.deadlines.lingering(.now())
      state.deadlineMoved?()
      written.futureResult.whenComplete { _ in context.value.close(mode: .output, promise: nil) }
    } else {
      written.futureResult.whenComplete { _ in context.value.close(promise: nil) }
    }
    context.value.writeAndFlush(data, promise: written)
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

extension HTTPFields {
  /// Whether the client will send no more requests: `Connection: close`, in any case, alone or in a list.
  fileprivate var asksToClose: Bool {
    guard let value = self[.connection] else { return false }
    return value.split(separator: ",").contains { $0.trimmingSpaces.lowercased() == "close" }
  }

  /// The body's length as declared; nil when it is not, or no number.
  var declaredLength: Int? { self[.contentLength].flatMap { Int($0) } }

  fileprivate var expectsContinue: Bool { self[.expect]?.lowercased() == "100-continue" }
}
