import Hummingbird
import Logging
import NIOCore

/// What a route knows of its request.
struct ClaimsRequestContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  /// The client's address, for the audit.
  let address: String

  init(source: ApplicationRequestContextSource) {
    coreContext = .init(source: source)
    address = source.channel.remoteAddress?.ipAddress ?? "local"
  }
}
