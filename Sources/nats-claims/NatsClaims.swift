import ArgumentParser
import Glibc

/// The command line.
@main
struct NatsClaims: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "nats-claims",
    abstract: "An account claims server for NATS, and the tools around it.",
    discussion: """
      Start with `nats-claims serve`: without options it makes a local operator, and prints what to try next.

      Exit codes: 0 all went well; 1 something was refused, not found or could not be done (a line on standard error says what and why); \
      64 the command was not understood.
      """,
    version: Version.text,
    subcommands: [
      Serve.self, Init.self, Push.self, Show.self, Diff.self, List.self, Delete.self, Undelete.self, AcceptOlder.self, Transfer.self,
      Verify.self,
      Doctor.self, Flush.self, Audit.self, History.self, Key.self, Account.self, User.self, Events.self, Servers.self,
    ])
}

extension NatsClaims {
  /// Every file that any command makes is its owner's alone, also those that libraries make; and no command leaves a memory dump, in which
  /// its keys would lie.
  static func main() async {
    umask(0o077)
    var nothing = rlimit(rlim_cur: 0, rlim_max: 0)
    setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &nothing)
    await main(nil)
  }
}

/// The program's version.
enum Version {
  static let text = "0.1.0"
}
