import ClaimsHTTP
import NIOCore
import ServerConfig

extension ServerOptions {
  /// What one client may take.
  var limits: HTTPLimits {
    var limits = HTTPLimits()
    if let readTimeout {
      limits.headersDeadline = TimeAmount(readTimeout)
      limits.bodyDeadline = TimeAmount(readTimeout)
    }
    return limits
  }
}
