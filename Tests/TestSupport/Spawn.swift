import CSpawn
import Foundation
import Glibc

/// Starts processes with `posix_spawn`: no signal stays blocked in them, they inherit no open file, and they start in a folder of
/// their own where they are to.
///
/// Foundation's `Process` crashed in `run()` once, under many tests at once; why was not found.
enum Spawn {
  /// Starts a process whose output goes to files, unless the launch says where.
  static func start(_ launch: SpawnedProcess.Launch, output: String, errors: String) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let input = launch.input {
      posix_spawn_file_actions_adddup2(&actions, input, 0)
    } else {
      posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    }
    if let output = launch.output {
      posix_spawn_file_actions_adddup2(&actions, output, 1)
    } else {
      posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    }
    posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    // What another test has open for writing must not stay open in a server for as long as it runs.
    spawn_close_from(&actions, 3)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    let group = launch.leadsGroup ? POSIX_SPAWN_SETPGROUP : 0
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | group))
    posix_spawnattr_setpgroup(&attributes, 0)

    let environment = ProcessInfo.processInfo.environment.merging(launch.environment) { $1 }
    var identifier: pid_t = 0
    let command = (launch.folder.map { ["/usr/bin/env", "-C", $0] } ?? []) + [launch.executable] + launch.arguments
    let code = withCStrings(command) { arguments in
      withCStrings(environment.map { "\($0)=\($1)" }) { environment in
        posix_spawn(&identifier, command[0], &actions, &attributes, arguments, environment)
      }
    }
    guard code == 0 else { throw SetupError("\(launch.executable) cannot be started: \(SetupError.text(of: code))") }
    return identifier
  }

  private static func withCStrings<R>(_ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> R) -> R {
    let copies = texts.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return body(copies + [nil])
  }
}
