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
    nats.signRequestSubject = signRequestSubject
    nats.signRequestTimeout = signRequestTimeout
    nats.reconcileInterval = reconcileInterval
    nats.reconcileBudget = reconcileBudget
    nats.isOnlyAuthority = isOnlyAuthority
    nats.version = Version.text
    nats.connectTimeout = natsConnectTimeout
    nats.reconnectWait = natsReconnectWait...max(natsReconnectWait, nats.reconnectWait.upperBound)
    return nats
  }

  /// Refuses nats-servers that can never be reached, so that a mistake is told at the start and not in a log.
  func checkNATS(origin: SettingOrigin) throws {
    if (natsCertificate == nil) != (natsKey == nil) {
      throw CommandFailure("nats.tls: cert and key go together: name both or none")
    }
    if let subject = signRequestSubject {
      let tokens = subject.split(separator: ".", omittingEmptySubsequences: false)
      guard !tokens.contains(where: { $0.isEmpty || $0 == "*" || $0 == ">" || $0.contains(where: \.isWhitespace) }) else {
        throw CommandFailure("signrequestsubject: \"\(subject)\" is no subject that a request can go to: tokens with points between")
      }
      guard signing == .none else { throw CommandFailure("signing: local and signrequestsubject exclude each other: name one") }
      guard !natsServers.isEmpty else { throw CommandFailure("signrequestsubject: accounts are sent over NATS: name nats.servers too") }
    }
    guard origin != .standard else { return }
    do throws(NATSError) {
      try nats.check()
    } catch {
      throw CommandFailure("\(origin.place): \(error.message)")
    }
  }
}
