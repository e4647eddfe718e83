import AsyncHTTPClient
import NIOCore
import NIOSSL
import Synchronization

extension HTTPClient {
  /// The client of the commands: it says at once that nobody answers, where the shared one tries again until the deadline.
  static let commands = HTTPClient(configuration: .commands)

  /// The same, with what a command said of TLS.
  static func commands(_ trust: ClientTrust) throws(CommandFailure) -> HTTPClient {
    guard trust != ClientTrust() else { return commands }
    let tls = try trust.configuration()
    // It lives as long as the process: there is one for each command.
    return trusting.withLock { clients in
      if let client = clients[trust] { return client }
      var configuration = HTTPClient.Configuration.commands
      configuration.tlsConfiguration = tls
      let client = HTTPClient(configuration: configuration)
      clients[trust] = client
      return client
    }
  }

  private static let trusting = Mutex<[ClientTrust: HTTPClient]>([:])

  /// Why a request did not come through, in words for people.
  static func reason(_ error: any Error) -> String {
    switch error {
    case let error as HTTPClientError: error.shortDescription
    case let error as IOError: error.text
    default: "\(error)"
    }
  }
}

extension HTTPClient.Configuration {
  fileprivate static var commands: HTTPClient.Configuration {
    var configuration = HTTPClient.Configuration.singletonConfiguration
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.timeout.connect = .seconds(5)
    return configuration
  }
}
