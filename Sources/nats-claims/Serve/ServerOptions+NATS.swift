import ClaimsNATS
import ServerConfig

extension ServerOptions {
  /// How the nats-servers are reached.
  var nats: NATSOptions {
    var nats = NATSOptions(servers: natsServers)
    nats.credentialsFile = credentialsFile
    nats.certificateAuthorityFile = natsCertificateAuthority
    return nats
  }

  /// Refuses nats-servers that can never be reached, so that a mistake is told at the start and not in a log.
  func checkNATS() throws {
    guard !natsServers.isEmpty else { return }
    do throws(NATSError) {
      try nats.check()
    } catch {
      throw CommandFailure("-nats: \(error.message)")
    }
  }
}
