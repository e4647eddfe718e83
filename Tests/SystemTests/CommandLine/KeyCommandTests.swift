import Foundation
import Nkeys
import TestSupport
import Testing

extension SystemTests {
  @Suite("nats-claims key, completions and help")
  struct KeyCommandTests {
    @Test("key generate prints a seed whose public key `key public` prints", arguments: Role.allCases)
    func generate(_ role: Role) async throws {
      let made = try await Command.claims("key", "generate", role.rawValue)
      #expect(made.ending == .exited(0))
      let seed = try #require(made.lines.first)
      let pair = try KeyPair(seed: seed)
      #expect(pair.role == role)
      #expect(made.errors == "\(pair.publicKey)\n")
      let file = try Stage.required.file("key.nk", made.output)
      for arguments in [[file], ["-"], []] {
        let shown = try await Command(tool: .claims, arguments: ["key", "public"] + arguments, input: made.output).run()
        #expect(shown.output == "\(pair.publicKey)\n", "\(shown.errors)")
      }
    }

    @Test("key public passes over blanks and line ends around a seed, and says what is no file of a seed")
    func blanks() async throws {
      let made = try await Command.claims("key", "generate", "curve")
      let seed = try #require(made.lines.first)
      let file = try Stage.required.file("key.nk", "\r\n \t\(seed) \r\n\n")
      #expect(try await Command.claims("key", "public", file).output == made.errors)
      let empty = try Stage.required.file("empty.nk", "")
      for path in [empty, try Stage.required.newFolder("folder"), "/nonexistent"] {
        let result = try await Command.claims("key", "public", path)
        #expect(result.ending == .exited(1))
        #expect(result.errors.contains(path))
      }
    }

    @Test("key generate --keys keeps the seed, mode 0600 in folders of mode 0700, and prints only the public key")
    func keep() async throws {
      let folder = try Stage.required.newFolder("keep")
      let made = try await Command.claims("key", "generate", "account", "--keys", "mine", folder: folder)
      let key = try #require(made.lines.first)
      #expect(made.output == "\(key)\n" && made.errors.isEmpty)
      let file = "\(folder)/mine/keys/A/\(key.dropFirst().prefix(2))/\(key).nk"
      #expect(try Disk.mode(file) == 0o600)
      #expect(try KeyPair(seed: Disk.text(file).trimmingCharacters(in: .whitespacesAndNewlines)).publicKey.text == key)
      for folder in ["mine", "mine/keys", "mine/keys/A"].map({ "\(folder)/\($0)" }) { #expect(try Disk.mode(folder) == 0o700) }
    }

    @Test("key public reads creds, and says what holds no seed")
    func creds() async throws {
      let organisation = try Organisation()
      let file = try organisation.systemCredentials()
      let user = try CredentialsFile(parsing: Disk.text(file)).keyPair.publicKey
      #expect(try await Command.claims("key", "public", file).output == "\(user)\n")
      let nothing = try await Command.claims("key", "public", organisation.operatorFile)
      #expect(nothing.ending == .exited(1))
      #expect(nothing.errors.contains(organisation.operatorFile))
      #expect(try await Command.claims("key", "generate", "king").ending == .exited(64))
    }

    @Test("the completion script is one that bash takes, and knows the commands")
    func completions() async throws {
      let script = try await Command.claims("--generate-completion-script", "bash")
      #expect(script.ending == .exited(0))
      let file = try Stage.required.file("completion.bash", script.output)
      let folder = try Stage.required.newFolder("shell")
      let checked = try await Command.shell("bash -n \(file)", folder: folder)
      #expect(checked.ending == .exited(0), "\(checked.errors)")
      for command in ["serve", "init", "push", "show", "list", "delete", "verify", "key"] { #expect(script.output.contains(command)) }
    }

    @Test("every command has help, an unknown one exits with 64, --version prints the version")
    func help() async throws {
      for command in ["serve", "init", "push", "show", "list", "delete", "verify", "key", "account", "user"] {
        let help = try await Command.claims(command, "--help")
        #expect(help.ending == .exited(0))
        #expect(help.output.contains("USAGE: nats-claims \(command)"))
      }
      #expect(try await Command.claims("fly").ending == .exited(64))
      #expect(try await Command.claims("--version").output == "0.1.0\n")
    }
  }
}
