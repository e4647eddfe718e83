import ClaimsRegistry
import ClaimsStore
import NIOCore
import NIOHTTP1

/// Answers plain account lookups on the event loop, in front of the framework, and passes everything else on.
///
/// Plain means: GET or HEAD of `/jwt/v1/accounts/<56 characters>`, no query, no body, and a token that is in memory. A lookup is answered here
/// only when no request before it is unanswered, so that pipelined answers keep their order; the same route exists in the router for the other
/// case.
final class LookupHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart

  private let lookups: Lookups
  private let state: ConnectionState
  private let connection: ConnectionGuard
  private var lookup: (request: HTTPRequestHead, entry: AccountEntry?)?
  private var hasUnsentAnswer = false

  init(_ lookups: Lookups, state: ConnectionState, connection: ConnectionGuard) {
    self.lookups = lookups
    self.state = state
    self.connection = connection
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let request):
      if state.deadlines.outstanding <= 1, request.isPlainLookup, canAnswer(context) {
        let entry = request.withAccountKey { lookups.registry.lookup(utf8: $0) }
        if entry.map({ $0.token != nil }) ?? true {
          lookup = (request, entry)
          return
        }
      }
    case .body:
      if lookup != nil { return }
    case .end:
      if let (request, entry) = lookup {
        lookup = nil
        return answer(request, entry, context)
      }
    }
    context.fireChannelRead(data)
  }

  /// Whether the client takes its answers. One that pipelines lookups and does not read is left to the framework, which keeps the requests and
  /// not the answers.
  private func canAnswer(_ context: ChannelHandlerContext) -> Bool {
    if !context.channel.isWritable { connection.flush() }
    return context.channel.isWritable
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    if hasUnsentAnswer {
      hasUnsentAnswer = false
      connection.flush()
    }
    context.fireChannelReadComplete()
  }

  private func answer(_ request: HTTPRequestHead, _ entry: AccountEntry?, _ context: ChannelHandlerContext) {
    let now = lookups.now
    let isLast = state.isLastAnswer
    let answer = lookups.answer(entry, knownTags: request.headers["if-none-match"], now: now, address: context.channel.countedAddress)
    let bytes = answer.bytes(
      date: lookups.date.text(now), hasBody: request.method != .HEAD, isLast: isLast, allocator: context.channel.allocator)
    connection.write(bytes, isLast: isLast)
    hasUnsentAnswer = true
  }
}

@available(*, unavailable)
extension LookupHandler: Sendable {}
