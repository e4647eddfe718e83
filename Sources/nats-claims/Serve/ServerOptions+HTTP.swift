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
    if let writeTimeout { limits.answerDeadline = TimeAmount(writeTimeout) }
    limits.idleDeadline = TimeAmount(idleTimeout)
    limits.headerBlock = largestHeaders
    limits.body = largestBody
    limits.connections = mostConnections
    limits.connectionsOfAddress = mostConnectionsOfAddress
    limits.unknownKeys = mostUnknownKeys
    limits.pack = largestPack
    return limits
  }
}
