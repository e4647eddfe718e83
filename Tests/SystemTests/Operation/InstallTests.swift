import ClaimsTestSupport
import Foundation
import TestSupport
import Testing

extension SystemTests {
  @Suite("an installation")
  struct InstallTests {
    /// Installs the build under test into a folder of its own.
    private func install() async throws -> String {
      let folder = try Stage.required.newFolder("installed")
      let script = Tool.built("Scripts/install")
      let environment = [
        "PREFIX": "\(folder)/usr", "SYSCONFDIR": "\(folder)/etc", "NATS_CLAIMS_BINARY": try Tool.claims.path,
        "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
      ]
      let result = try await Command(tool: .shell, arguments: ["-c", "'\(script)'"], environment: environment).run()
      #expect(result.succeeded, "\(result.output)\(result.errors)")
      return folder
    }

    @Test("has the program, a page of the manual for every command, completions, and a configuration that holds")
    func files() async throws {
      let folder = try await install()
      let help = try await Command.claims("help")
      let commands = help.lines.drop { !$0.hasPrefix("SUBCOMMANDS") }.dropFirst().compactMap { line -> String? in
        line.prefixMatch(of: #/  ([a-z-]+) /#).map { String($0.1) }
      }
      #expect(commands.count > 15 && commands.contains("serve"), "\(help.output)")
      for command in commands {
        let page = try String(contentsOfFile: "\(folder)/usr/share/man/man1/nats-claims.\(command).1", encoding: .utf8)
        #expect(page.contains(".Dt") && page.contains(command), "\(command)")
      }
      for file in [
        "bash-completion/completions/nats-claims", "zsh/site-functions/_nats-claims", "fish/vendor_completions.d/nats-claims.fish",
      ] {
        let text = try String(contentsOfFile: "\(folder)/usr/share/\(file)", encoding: .utf8)
        #expect(text.contains("accept-older"), "\(file)")
      }
      let organisation = try Organisation()
      try FileManager.default.copyItem(atPath: organisation.operatorFile, toPath: "\(folder)/etc/nats-claims/operator.jwt")
      let program = "\(folder)/usr/bin/nats-claims"
      let check = try await Command(
        tool: .shell, arguments: ["-c", "'\(program)' serve -c '\(folder)/etc/nats-claims/nats-claims.conf' --check-config"]
      ).run()
      #expect(check.succeeded && check.errors.isEmpty && check.output.contains("/var/lib/nats-claims/jwt"), "\(check.errors)")
    }

    @Test("has a unit that systemd takes, and that lets the program do little else than its work")
    func unit() async throws {
      let folder = try await install()
      let unit = "\(folder)/usr/lib/systemd/system/nats-claims.service"
      let verified = try await Command(tool: .systemdAnalyze, arguments: ["verify", "--man=no", unit]).run()
      #expect(verified.succeeded && verified.errors.isEmpty, "\(verified.output)\(verified.errors)")
      // The exposure that systemd computes goes from 0 to 10; the threshold is ten times as much.
      let security = try await Command(
        tool: .systemdAnalyze, arguments: ["security", "--offline=yes", "--no-pager", "--threshold=15", unit]
      ).run()
      #expect(security.succeeded, "\(security.output)\(security.errors)")
    }
  }
}
