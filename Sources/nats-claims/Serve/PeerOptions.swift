import ArgumentParser

/// Flags of nats-account-server that `serve` understands but does not have: it says what to do instead.
struct PeerOptions: ParsableArguments {
  @Option(name: [.customLong("nsc", withSingleDash: true), .customLong("nsc")], help: .hidden)
  var nsc: String?

  func validate() throws {
    if nsc != nil {
      throw ValidationError("an nsc folder cannot be served: push its accounts with `nsc push -A` or `nats-claims push FOLDER`")
    }
  }
}
