import ArgumentParser
import ClaimsNATS

/// An endpoint on the command line, in any case.
struct EndpointArgument: ExpressibleByArgument {
  let endpoint: ServerEndpoint

  static var names: String { ServerEndpoint.allCases.map(\.rawValue).joined(separator: ", ") }

  init?(argument: String) {
    guard let endpoint = ServerEndpoint(rawValue: argument.uppercased()) else { return nil }
    self.endpoint = endpoint
  }

  static var allValueStrings: [String] { ServerEndpoint.allCases.map(\.rawValue) }
}
