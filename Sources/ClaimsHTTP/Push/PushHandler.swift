import Claims
import ClaimsRegistry
import NIOCore
import NIOHTTP1

/// Takes plain pushes in front of the framework, whose way through router and streams costs more than the rest of a push, and passes everything
/// else on.
///
/// Plain means: POST of `/jwt/v1/accounts/<key>`, no query, a body of declared length. A push is taken here only when no request before it is
/// unanswered, and what arrives while it is stored waits here, so that pipelined answers keep their order; the same route exists in the
/// router for the other case.
final class PushHandler: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  private enum Stage {
    case idle
    case collecting(AccountKey, ByteBuffer)
    case storing
  }

  private enum Held {
    case part(HTTPServerRequestPart)
    case event(Any)
  }

  private let pushes: Pushes
  private let state: ConnectionState
  private let connection: ConnectionGuard
  private var context: ChannelHandlerContext?
  private var stage = Stage.idle
  private var held: [Held] = []
  private var isReadHeld = false
  /// Where the client is, read once: it costs more than a look at the index.
  private lazy var requester = Requester.http(address: context?.remoteAddress?.ipAddress ?? "local")

  init(_ pushes: Pushes, state: ConnectionState, connection: ConnectionGuard) {
    self.pushes = pushes
    self.state = state
    self.connection = connection
  }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  // MARK: Requests

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if case .storing = stage { return held.append(.part(unwrapInboundIn(data))) }
    switch unwrapInboundIn(data) {
    case .head(let request):
      if state.deadlines.outstanding <= 1, let account = request.plainPush(largestBody: pushes.largestBody) {
        stage = .collecting(account, ByteBuffer())
        return
      }
    case .body(var bytes):
      if case .collecting(let account, var body) = stage {
        stage = .idle
        if body.readableBytes == 0 { body = bytes } else { body.writeBuffer(&bytes) }
        stage = .collecting(account, body)
        return
      }
    case .end:
      if case .collecting(let account, let body) = stage { return store(body, of: account, context) }
    }
    context.fireChannelRead(data)
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    switch (stage, event) {
    // The framework knows nothing of this request: it would take the connection for an idle one and close it.
    case (.storing, _), (.collecting, is ChannelShouldQuiesceEvent): held.append(.event(event))
    default: context.fireUserInboundEventTriggered(event)
    }
  }

  /// A client that sends more while its push is stored is left to the system's buffers after the first of it. Most send nothing, and holding
  /// back a read costs two calls of the system.
  func read(context: ChannelHandlerContext) {
    if case .storing = stage, !held.isEmpty { isReadHeld = true } else { context.read() }
  }

  // MARK: Answers

  private func store(_ body: ByteBuffer, of account: AccountKey, _ context: ChannelHandlerContext) {
    stage = .storing
    let loop = context.eventLoop
    let handler = NIOLoopBound(self, eventLoop: loop)
    pushes.store(Token(Array(body.readableBytesView)), of: account, by: requester, on: loop) { handler.value.answered($0) }
  }

  private func answered(_ answer: PushAnswer) {
    stage = .idle
    guard let context else { return }
    switch answer {
    case .stored:
      let isLast = state.isLastAnswer
      connection.write(PushAnswer.storedBytes(date: pushes.dateText, isLast: isLast, allocator: context.channel.allocator), isLast: isLast)
      if !isLast { connection.flush() }
    case .refused(let refusal):
      context.write(wrapOutboundOut(.head(PushAnswer.head(of: refusal, date: pushes.dateText))), promise: nil)
      context.write(wrapOutboundOut(.body(.byteBuffer(context.channel.allocator.buffer(string: refusal.text)))), promise: nil)
      context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
    release(context)
  }

  /// Passes on what arrived meanwhile, up to the next push.
  private func release(_ context: ChannelHandlerContext) {
    guard !held.isEmpty || isReadHeld else { return }
    var waiting = held[...]
    held = []
    while let next = waiting.popFirst() {
      switch next {
      case .part(let part): channelRead(context: context, data: wrapInboundOut(part))
      case .event(let event): userInboundEventTriggered(context: context, event: event)
      }
    }
    if case .storing = stage { return }
    context.fireChannelReadComplete()
    if isReadHeld {
      isReadHeld = false
      context.read()
    }
  }
}

@available(*, unavailable)
extension PushHandler: Sendable {}
