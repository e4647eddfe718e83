import ClaimsNATS
import ServerConfig

extension ServerOptions {
  /// How the nats-servers are reached.
  var nats: NATSOptions {
    var nats = NATSOptions(servers: natsServers)
    nats.credentialsFile = credentialsFile
    nats.certificateAuthorityFile = natsCertificateAuthority
    nats.clientCertificateFile = natsCertificate
    nats.clientKeyFile = natsKey
    nats.connectTimeout = natsConnectTimeout
    nats.reconnectWait = natsReconnectWait...max(natsReconnectWait, nats.reconnectWait.upperBound)
    return nats
  }

  /// Refuses nats-servers that can never be reached, so that a mistake is told at the start and not in a log.
  func checkNATS(origin: SettingOrigin) throws {
    if (natsCertificate == nil) != (natsKey == nil) {
      throw CommandFailure("nats.tls: cert and key go together: name both or none")
    }
    guard origin != .standard else { return }
    do throws(NATSError) {
      try nats.check()
    } catch {
      throw CommandFailure("\(origin.place): \(error.message)")
    }
  }
}
