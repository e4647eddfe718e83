import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Answers plain account lookups on the event loop, in front of the framework, and passes everything else on.
///
/// A lookup is answered here only when nothing that was passed on is unanswered: so pipelined answers keep their order. The same route exists
/// in the router for the other case.
final class LookupHandler: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  private let lookups: Lookups
  private var passedOn = 0
  private var lookup: HTTPRequest?
  private var hasUnflushedAnswer = false

  init(_ lookups: Lookups) {
    self.lookups = lookups
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let request):
      if passedOn == 0, AccountPath.isPlainLookup(request) {
        lookup = request
        return
      }
      passedOn += 1
    case .body:
      if lookup != nil { return }
    case .end:
      if let request = lookup {
        lookup = nil
        return answer(request, context)
      }
    }
    context.fireChannelRead(data)
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    if hasUnflushedAnswer {
      hasUnflushedAnswer = false
      context.flush()
    }
    context.fireChannelReadComplete()
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    if case .end = unwrapOutboundIn(data) { passedOn = max(0, passedOn - 1) }
    context.write(data, promise: promise)
  }

  private func answer(_ request: HTTPRequest, _ context: ChannelHandlerContext) {
    var path = request.path ?? ""
    let answer = path.withUTF8 { lookups.answer(utf8: AccountPath.key(in: $0), request: request.headerFields) }
    context.write(wrapOutboundOut(.head(HTTPResponse(status: answer.status, headerFields: answer.fields))), promise: nil)
    if request.method != .head, !answer.body.isEmpty {
      context.write(wrapOutboundOut(.body(ByteBuffer(bytes: answer.body))), promise: nil)
    }
    context.write(wrapOutboundOut(.end(nil)), promise: nil)
    hasUnflushedAnswer = true
  }
}

@available(*, unavailable)
extension LookupHandler: Sendable {}
