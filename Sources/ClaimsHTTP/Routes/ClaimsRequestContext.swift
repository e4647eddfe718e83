import Hummingbird
import Logging
import NIOCore
import NIOSSL

/// What a route knows of its request.
struct ClaimsRequestContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  /// The client's address, for the audit.
  let address: String
  /// What limits of one address count by.
  var countedAddress: String { channel.countedAddress }
  private let channel: any Channel

  init(source: ApplicationRequestContextSource) {
    coreContext = .init(source: source)
    channel = source.channel
    address = source.channel.ipAddress
  }

  /// Whether the client is at a loopback address of this machine.
  var isFromLoopback: Bool {
    switch channel.remoteAddress {
    case .v4: address.hasPrefix("127.")
    case .v6: address == "::1" || address.hasPrefix("::ffff:127.")
    case .unixDomainSocket: true
    case nil: false
    }
  }

  /// Whether the client showed a certificate; the handshake verified it.
  var hasCertificate: Bool {
    get async {
      do {
        return try await channel.nioSSL_peerCertificate().get() != nil
      } catch {
        // A connection without TLS has nobody to ask.
        return false
      }
    }
  }
}
