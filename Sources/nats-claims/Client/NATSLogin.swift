import ArgumentParser
import ClaimsNATS
import Foundation

/// The options that say which nats-servers a command talks to, and as whom: a user of the system account.
struct NATSLogin: ParsableArguments {
  @Option(
    name: [.customShort("s"), .customLong("server")],
    help: """
      The nats-server, such as nats://user:password@host:4222; several with commas between are tried in their order. Without it the \
      environment variable NATS_URL is read. (default: nats://127.0.0.1:4222)
      """)
  var servers: String?

  @Option(
    name: [.customLong("creds"), .customLong("creds", withSingleDash: true)], help: "The creds file of a user of the system account.",
    completion: .file())
  var credentials: String?

  @OptionGroup var certificates: CertificateOptions

  /// Connects.
  ///
  /// - Throws: ``CommandFailure`` when no server takes the user, or it is not of the system account.
  func session(listening subjects: [String] = []) async throws(CommandFailure) -> (session: SystemSession, server: ServerIdentity) {
    let session: SystemSession
    do throws(NATSError) {
      session = try SystemSession(options, listening: subjects)
    } catch {
      throw CommandFailure(error.message)
    }
    do throws(NATSError) {
      return (session, try await session.firstConnection())
    } catch {
      await session.close()
      throw CommandFailure(error.code == .notSystemAccount ? error.message : "no connection to NATS: \(error.message)")
    }
  }

  private var options: NATSOptions {
    let named = servers ?? ProcessInfo.processInfo.environment["NATS_URL"] ?? ""
    let list = named.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    var options = NATSOptions(servers: list.isEmpty ? ["nats://127.0.0.1:4222"] : list)
    options.credentialsFile = credentials
    options.certificateAuthorityFile = certificates.authority
    options.clientCertificateFile = certificates.certificate
    options.clientKeyFile = certificates.certificateKey
    return options
  }
}
