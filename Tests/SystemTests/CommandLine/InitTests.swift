import Claims
import Foundation
import Nkeys
import TestSupport
import Testing

extension SystemTests {
  @Suite("nats-claims init")
  struct InitTests {
    private func initialised(_ arguments: String...) async throws -> (folder: String, result: Command.Result) {
      let folder = try Stage.required.newFolder("init")
      return (folder, try await Command(tool: .claims, arguments: ["init"] + arguments, folder: folder).run())
    }

    @Test("lays keys out as nsc does, each file with the seed of the key it is named for")
    func layout() async throws {
      let (folder, result) = try await initialised()
      #expect(result.ending == .exited(0), "\(result.errors)")
      let seeds = try Disk.paths(below: folder + "/keys/keys").filter { $0.hasSuffix(".nk") }
      #expect(seeds.map { $0.prefix(1) } == ["A", "O", "O", "U"])
      for path in seeds {
        let key = ((path as NSString).lastPathComponent as NSString).deletingPathExtension
        #expect(path == "\(key.prefix(1))/\(key.dropFirst().prefix(2))/\(key).nk")
        let seed = try Disk.text("\(folder)/keys/keys/\(path)").trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(try KeyPair(seed: seed).publicKey.text == key)
      }
      let credentials = try CredentialsFile(parsing: Disk.text(folder + "/keys/creds/local/SYS/sys.creds"))
      #expect(seeds.contains { $0.hasSuffix("\(credentials.keyPair.publicKey).nk") })
    }

    @Test("gives seeds and creds mode 0600, and every folder mode 0700")
    func modes() async throws {
      let (folder, _) = try await initialised()
      for tree in ["keys", "store"] {
        let paths = try [tree] + Disk.paths(below: "\(folder)/\(tree)").map { "\(tree)/\($0)" }
        for path in paths {
          let mode = try Disk.mode("\(folder)/\(path)")
          if Disk.isFolder("\(folder)/\(path)") {
            #expect(mode == 0o700, "\(path)")
          } else if tree == "keys" {
            #expect(mode == 0o600, "\(path)")
          }
        }
      }
    }

    @Test("makes an operator with a signing key, which signed the system account that it names")
    func claims() async throws {
      let (folder, _) = try await initialised("--name", "ACME")
      let verified = try VerifiedClaims.decode(
        Token(Disk.text(folder + "/keys/operator.jwt").trimmingCharacters(in: .whitespacesAndNewlines)))
      let made = try #require(verified.claims.operator)
      #expect(made.common.name == "ACME")
      let signer = try #require(made.signingKeys.first)
      let system = try VerifiedClaims.decode(Token(Disk.text("\(folder)/store/\(made.systemAccount).jwt"))).claims
      #expect(system.common.iss == signer)
      #expect(system.account?.exports.count == 2)
      let user = try CredentialsFile(parsing: Disk.text(folder + "/keys/creds/ACME/SYS/sys.creds")).token
      #expect(try VerifiedClaims.decode(Token(user)).claims.common.iss == made.systemAccount)
    }

    @Test("never prints a seed")
    func noSeeds() async throws {
      let (folder, result) = try await initialised()
      for path in try Disk.paths(below: folder + "/keys/keys") where path.hasSuffix(".nk") {
        let seed = try Disk.text("\(folder)/keys/keys/\(path)").trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(!result.output.contains(seed) && !result.errors.contains(seed))
      }
    }

    @Test("an attempt that found its directory taken by a server leaves nothing in the way of the next")
    func repeatable() async throws {
      let taken = try await LocalSetup()
      let folder = try Stage.required.newFolder("repeat")
      let first = try await Command.claims("init", "-dir", taken.folder + "/store", folder: folder)
      #expect(first.ending == .exited(1))
      #expect(first.errors.contains("another server"), "\(first.errors)")
      #expect(!FileManager.default.fileExists(atPath: folder + "/keys"))
      let second = try await Command.claims("init", folder: folder)
      #expect(second.ending == .exited(0), "\(second.errors)")
    }

    @Test("replaces the creds that an attempt which was killed half way left behind")
    func leftBehind() async throws {
      let (folder, _) = try await initialised()
      let credentials = folder + "/keys/creds/local/SYS/sys.creds"
      let before = try Disk.text(credentials)
      try FileManager.default.removeItem(atPath: folder + "/keys/operator.jwt")
      let again = try await Command.claims("init", folder: folder)
      #expect(again.ending == .exited(0), "\(again.errors)")
      #expect(try Disk.text(credentials) != before)
      #expect(try CredentialsFile(parsing: Disk.text(credentials)).keyPair.role == .user)
      #expect(try Disk.mode(credentials) == 0o600)
    }

    @Test("refuses a name that would lead out of the key store", arguments: ["../../x", "a/b", ".hidden"])
    func names(_ name: String) async throws {
      let (folder, result) = try await initialised("--name", name)
      #expect(result.ending == .exited(64))
      #expect(try Disk.paths(below: folder).isEmpty)
    }

    @Test("refuses a folder that holds an operator, and changes nothing in it")
    func twice() async throws {
      let (folder, _) = try await initialised()
      let before = try Disk.paths(below: folder)
      let again = try await Command.claims("init", folder: folder)
      #expect(again.ending == .exited(1))
      #expect(again.errors.contains("keys/operator.jwt exists"))
      #expect(try Disk.paths(below: folder) == before)
    }
  }
}
