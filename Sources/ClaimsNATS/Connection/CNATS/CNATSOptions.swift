import CNATS

/// The library's options for one attempt. Lives only as long as the attempt: the connection keeps a copy.
final class CNATSOptions {
  let handle: OpaquePointer

  init(_ options: NATSOptions, server: ServerAddress, usesTLS: Bool, sink: UInt) throws(NATSError) {
    var created: OpaquePointer?
    try Self.check(natsOptions_Create(&created))
    guard let handle = created else { throw NATSError(.other, "the NATS library gave no options") }
    self.handle = handle
    try setPlace(options, server: server)
    try setTLS(options, usesTLS: usesTLS)
    try setCallbacks(sink)
    if let file = options.credentialsFile {
      try Self.check(natsOptions_SetUserCredentialsFromFiles(handle, file, nil), .credentials)
    }
  }

  deinit {
    natsOptions_Destroy(handle)
  }

  private func setPlace(_ options: NATSOptions, server: ServerAddress) throws(NATSError) {
    try Self.check(natsOptions_SetURL(handle, server.url), .invalidURL)
    switch server.login {
    case .none: break
    case .user(let name, let password): try Self.check(natsOptions_SetUserInfo(handle, name, password))
    case .token(let token): try Self.check(natsOptions_SetToken(handle, token))
    }
    try Self.check(natsOptions_SetName(handle, options.name))
    try Self.check(natsOptions_SetTimeout(handle, options.connectTimeout.wholeMilliseconds))
    try setLoss()
    try Self.check(natsOptions_SetNoEcho(handle, true))
    // One thread delivers what all subscriptions bring, in the order of its arrival; it only puts it in queues.
    try Self.check(natsOptions_UseGlobalMessageDelivery(handle, true))
    // A server that hangs is noticed within half a minute, and a full socket does not hold a call for ever.
    try Self.check(natsOptions_SetPingInterval(handle, 10_000))
    try Self.check(natsOptions_SetMaxPingsOut(handle, 2))
    try Self.check(natsOptions_SetWriteDeadline(handle, 2_000))
  }

  /// The supervisor above reconnects: the library gives up for good after two refusals in a row, and hides the reasons. All the same it is told that
  /// it may, after a pause that is never waited for: a library that may not throws away what it has read when a connection is lost, a server's
  /// farewell for example. The pause comes from a function: with a fixed one 3.4.1 begins to wait without a look whether the connection is being
  /// closed, and a close waits with it.
  private func setLoss() throws(NATSError) {
    try Self.check(natsOptions_SetAllowReconnect(handle, true))
    try Self.check(natsOptions_SetIgnoreDiscoveredServers(handle, true))
    try Self.check(natsOptions_SetCustomReconnectDelay(handle, cnatsReconnectDelay, nil))
    // What is sent then fails at once; 0 is no buffer in 3.4.1, whatever its documentation says of a default.
    try Self.check(natsOptions_SetReconnectBufSize(handle, 0))
  }

  private func setTLS(_ options: NATSOptions, usesTLS: Bool) throws(NATSError) {
    if let file = options.certificateAuthorityFile {
      try Self.check(natsOptions_LoadCATrustedCertificates(handle, file), .certificateAuthority, "the file \(file)")
    }
    if let file = options.clientCertificateFile, let key = options.clientKeyFile {
      try Self.check(
        natsOptions_LoadCertificatesChain(handle, file, key), .certificateAuthority, "the certificate \(file) with the key \(key)")
    }
    if usesTLS { try Self.check(natsOptions_SetSecure(handle, true)) }
  }

  private func setCallbacks(_ sink: UInt) throws(NATSError) {
    let number = UnsafeMutableRawPointer(bitPattern: sink)
    try Self.check(natsOptions_SetErrorHandler(handle, cnatsComplained, number))
    try Self.check(natsOptions_SetDisconnectedCB(handle, cnatsLost, number))
    try Self.check(natsOptions_SetClosedCB(handle, cnatsLost, number))
  }

  private static func check(_ status: natsStatus, _ code: NATSError.Code? = nil, _ subject: String? = nil) throws(NATSError) {
    guard status != NATS_OK else { return }
    let error = NATSError(lastErrorOnThread: status)
    throw NATSError(code ?? error.code, subject.map { "\($0) cannot be used: \(error.message)" } ?? error.message)
  }
}

extension Duration {
  /// Milliseconds, rounded down, at least one.
  var wholeMilliseconds: Int64 {
    max(1, components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000)
  }
}
