import ArgumentParser
import Claims

/// One token, named on the command line: an account's key, a URL, a file, or `-` for standard input.
struct TokenSource: ExpressibleByArgument {
  /// What the command line says.
  let text: String

  init(argument: String) { text = argument }

  /// The account whose claims the server is asked for; nil for other sources.
  var account: AccountKey? { text == "-" ? nil : try? AccountKey(text) }

  /// Fetches or reads the token; of several in a file, the first.
  func token(from server: ServerOption) async throws -> Token {
    if text.hasPrefix("http://") || text.hasPrefix("https://") { return try await URLSource(text).token() }
    if text != "-", let account = try? AccountKey(text) { return try await server.client().account(account) }
    guard let first = try TokenInput.read([text]).first else { throw CommandFailure("\(text): there is no token in it") }
    return first.token
  }
}
