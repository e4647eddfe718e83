import Claims
import ClaimsRegistry
import ServerConfig

/// What a newcomer should try next: a nats-server's configuration, a first push, a first lookup.
struct Welcome {
  let trusted: TrustedOperator
  let keys: KeyStore
  let credentialsFile: String

  /// The lines, once the server's URL is known.
  func lines(url: String) -> [String] {
    let program = CommandLine.arguments[0]
    let keysOption = keys.path == ServerDefaults.keys ? "" : " --keys \(keys.path)"
    return [
      "The operator \(trusted.claims.common.name) (\(trusted.key)) is trusted.",
      "",
      "1. Paste this into a nats-server's configuration:",
      "",
      "   operator: \(trusted.token.text)",
      "   system_account: \(trusted.claims.systemAccount)",
      "   resolver: URL(\"\(url)/jwt/v1/accounts/\")",
      "",
      "2. Make a first account and push its claims:",
      "",
      "   \(program) account create first\(keysOption) | \(program) push --url \(url) -",
      "",
      "3. Look it up:",
      "",
      "   \(program) list --url \(url)",
      "   curl \(url)/jwt/v1/accounts/KEY?decode=true",
      "",
      "The system user's creds: \(credentialsFile)",
    ]
  }
}
