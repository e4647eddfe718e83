import AsyncHTTPClient
import NIOCore

extension HTTPClient {
  /// The client of the commands: it says at once that nobody answers, where the shared one tries again until the deadline.
  static let commands: HTTPClient = {
    var configuration = HTTPClient.Configuration.singletonConfiguration
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.timeout.connect = .seconds(5)
    return HTTPClient(configuration: configuration)
  }()

  /// Why a request did not come through, in words for people.
  static func reason(_ error: any Error) -> String {
    switch error {
    case let error as HTTPClientError: error.shortDescription
    case let error as IOError: error.text
    default: "\(error)"
    }
  }
}
