import ClaimsHTTP
import Foundation
import Logging
import ServerConfig
import Synchronization

/// What guards the HTTP door: TLS, and what clients must show.
final class Doors: Sendable {
  let access: AccessPolicy
  let tls: TLSIdentity?
  private let tokenFile: String?
  private let tokenText: Mutex<Data>

  /// Makes what a configuration asks for.
  init(_ options: ServerOptions) throws(CommandFailure) {
    try Self.check(options)
    tls = try Self.tls(options)
    tokenFile = options.accessTokenFile
    let text = try tokenFile.map { file throws(CommandFailure) in try Self.text(file) } ?? Data()
    tokenText = Mutex(text)
    let tokens = try tokenFile.map { file throws(CommandFailure) in try Self.tokens(text, in: file) } ?? BearerTokens()
    access = AccessPolicy(options.access.requirements, tokens: tokens, origins: Set(options.origins))
  }

  /// Reads certificates and tokens again; what cannot be used is told, and what holds goes on.
  func reload(logger: Logger) {
    if let tls { reload(tls, logger) }
    if let tokenFile { reload(tokenFile, isAsked: true, logger) }
  }

  /// Reads again what changed on disk.
  func reloadChanged(logger: Logger) {
    if let tls, tls.isOutdated { reload(tls, logger) }
    if let tokenFile { reload(tokenFile, isAsked: false, logger) }
  }

  private func reload(_ tls: TLSIdentity, _ logger: Logger) {
    do throws(AccessError) {
      try tls.reload()
      logger.notice("the certificate was read again: new connections get it", metadata: ["file": "\(tls.files.certificate)"])
    } catch {
      logger.error("the certificate that was in use goes on", metadata: ["error": "\(error)"])
    }
  }

  private func reload(_ file: String, isAsked: Bool, _ logger: Logger) {
    do throws(CommandFailure) {
      let text = try Self.text(file)
      let isChanged = tokenText.withLock { known in
        defer { known = text }
        return known != text
      }
      guard isChanged else { return }
      access.set(try Self.tokens(text, in: file))
      logger.notice("the bearer tokens were read again", metadata: ["file": "\(file)"])
    } catch {
      // A file that is away is told of when someone asks for it to be read, not every second.
      logger.log(level: isAsked ? .error : .debug, "the bearer tokens that were in use go on", metadata: ["error": "\(error)"])
    }
  }

  private static func text(_ file: String) throws(CommandFailure) -> Data {
    do {
      return try Data(contentsOf: URL(filePath: file))
    } catch {
      throw CommandFailure("access.tokenfile: \(file) cannot be read: \(error.localizedDescription)")
    }
  }

  private static func tokens(_ text: Data, in file: String) throws(CommandFailure) -> BearerTokens {
    do throws(AccessError) {
      return try BearerTokens(text: String(decoding: text, as: UTF8.self))
    } catch {
      throw CommandFailure("access.tokenfile: \(file): \(error)")
    }
  }

  private static func tls(_ options: ServerOptions) throws(CommandFailure) -> TLSIdentity? {
    guard let certificate = options.tlsCertificate, let key = options.tlsKey else { return nil }
    let files = TLSFiles(
      certificate: certificate, key: key, clientAuthority: options.tlsClientAuthority,
      clientCertificates: .init(options.tlsClientCertificates))
    do throws(AccessError) {
      return try TLSIdentity(files)
    } catch {
      throw CommandFailure("http.tls: \(error)")
    }
  }

  /// Refuses settings that contradict each other: they would leave a door shut for good, or open.
  private static func check(_ options: ServerOptions) throws(CommandFailure) {
    if (options.tlsCertificate == nil) != (options.tlsKey == nil) {
      throw CommandFailure("http.tls: cert and key go together: name both, or none for plain HTTP")
    }
    if options.administrationHost != nil, options.administrationPort == nil {
      throw CommandFailure("http.admin: host needs port: without it everything is answered at one address")
    }
    if options.tlsClientCertificates != .none, options.tlsCertificate == nil || options.tlsClientAuthority == nil {
      throw CommandFailure(
        "http.tls.clients: certificates of clients need http.tls.cert, key, and root with the authorities that sign them")
    }
    if options.access.lists == .open {
      throw CommandFailure("access.lists: these answers tell everything of every account: say local, token, certificate or either")
    }
    for (action, rule) in options.access.requirements.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      if rule == .token || rule == .either, options.accessTokenFile == nil {
        throw CommandFailure("access.\(action.rawValue): bearer tokens are asked for, but access.tokenfile names no file with them")
      }
      if rule == .certificate || rule == .either, options.tlsClientCertificates == .none {
        throw CommandFailure("access.\(action.rawValue): client certificates are asked for, but http.tls.clients is none")
      }
    }
  }
}

extension AccessRules {
  /// The same as the HTTP door takes it.
  fileprivate var requirements: [AccessAction: AccessRequirement] {
    [
      .lookups: .init(lookups), .pushes: .init(pushes), .deletes: .init(deletes), .packs: .init(packs), .lists: .init(lists),
      .metrics: .init(metrics),
    ]
  }
}

extension AccessRequirement {
  fileprivate init(_ rule: AccessRule) {
    switch rule {
    case .open: self = .open
    case .token: self = .token
    case .certificate: self = .certificate
    case .either: self = .either
    case .local: self = .local
    }
  }
}

extension TLSFiles.ClientCertificates {
  fileprivate init(_ choice: ClientCertificates) {
    switch choice {
    case .none: self = .none
    case .optional: self = .optional
    case .required: self = .required
    }
  }
}
