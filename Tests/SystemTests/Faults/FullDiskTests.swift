import Claims
import ClaimsStore
import ClaimsTestSupport
import Foundation
import Glibc
import TestSupport
import Testing

extension SystemTests {
  @Suite("a disk that is full", .enabled(if: SmallDisk.isPermitted, "mounting a small file system needs the rights of root"))
  struct FullDiskTests {
    @Test("refuses pushes with 507, answers lookups, and takes pushes again when it is freed, without a restart")
    func everythingOnIt() async throws {
      let organisation = try Organisation()
      try await SmallDisk.mounted { disk in
        let claims = try await ServerUnderTest(.init(organisation, directory: disk.path))
        let account = try TestAccount(of: organisation)
        let stored = try account.token(1)
        try await claims.store(stored, of: account)
        try disk.fill()
        var refused = 0
        for number in 0..<20 {
          let answer = try await claims.http.push(
            account.token(2, name: "\(number)") { $0.tags = [String(repeating: "x", count: 60_000)] }, to: account.key)
          #expect([200, 507].contains(answer.status), "\(answer.status) \(answer.text)")
          if answer.status == 507 {
            refused += 1
            #expect(answer.text.contains("free some space"), "\(answer.text)")
          }
          #expect(try await claims.http.account(account.key).status == 200)
        }
        #expect(refused > 10)
        #expect(try await claims.http.get("/readyz").text.contains("\"log\" :"))
        // The warning stays as long as the disk is full, whatever the server tries by itself.
        try await stays("the warning", for: .seconds(2)) { try await claims.http.get("/readyz").text.contains("\"log\" :") }
        try disk.free()
        try await eventually("the warning is gone", within: 15) { try await !claims.http.get("/readyz").text.contains("\"log\" :") }
        let token = try account.token(3)
        try await claims.store(token, of: account)
        try await eventually("the file follows") { claims.file(of: account.key) == token.bytes }
        #expect(try await claims.stop() == .exited(0))
      }
    }

    @Test("is no reason not to start: a stopped server is started again, answers lookups, and takes pushes when the disk is freed")
    func restart() async throws {
      let organisation = try Organisation()
      try await SmallDisk.mounted { disk in
        let options = try ServerUnderTest.Options(organisation, directory: disk.path)
        let first = try await ServerUnderTest(options)
        let account = try TestAccount(of: organisation)
        try await first.store(account.token(1), of: account)
        let reserve = disk.path + "/.nats-claims/reserve"
        try await eventually("room is kept") { try SystemFileSystem().status(of: reserve) != nil }
        #expect(try await first.stop() == .exited(0))
        try disk.fill()
        let second = try await ServerUnderTest(options)
        #expect(try await second.http.account(account.key).body == account.token(1).bytes)
        let large = try account.token(2) { $0.tags = [String(repeating: "x", count: 300_000)] }
        #expect(try await second.http.push(large, to: account.key).status == 507)
        #expect(try await second.http.account(account.key).status == 200)
        try disk.free()
        try await eventually("pushes are taken again", within: 15) { try await second.http.push(large, to: account.key).status == 200 }
        try await eventually("room is kept again", within: 15) { try SystemFileSystem().status(of: reserve) != nil }
        #expect(try await second.stop() == .exited(0))
      }
    }

    @Test("under the files alone is named on /readyz: pushes go on, and the files follow when it is freed")
    func filesOnIt() async throws {
      let organisation = try Organisation()
      try await SmallDisk.mounted { disk in
        var options = try ServerUnderTest.Options(organisation, directory: disk.path)
        options.extra = ["--state", try Stage.required.newFolder("state")]
        let claims = try await ServerUnderTest(options)
        let account = try TestAccount(of: organisation)
        try await claims.store(account.token(1), of: account)
        try await eventually("the file follows") { try claims.file(of: account.key) == account.token(1).bytes }
        try disk.fill()
        let token = try account.token(2) { $0.tags = [String(repeating: "x", count: 20_000)] }
        try await claims.store(token, of: account)
        #expect(try await claims.http.account(account.key).body == token.bytes)
        try await eventually("the files are named") { try await claims.http.get("/readyz").text.contains("\"directory\" :") }
        #expect(try claims.file(of: account.key) == account.token(1).bytes)
        try disk.free()
        try await eventually("the file follows") { claims.file(of: account.key) == token.bytes }
        try await eventually("nothing is named any more") { try await !claims.http.get("/readyz").text.contains("\"directory\" :") }
        #expect(try await claims.stop() == .exited(0))
      }
    }
  }
}

/// A file system of four megabytes in memory, for as long as a test needs it.
struct SmallDisk {
  let path: String

  /// Whether this process may mount one.
  static let isPermitted: Bool = {
    let path = NSTemporaryDirectory() + "nats-claims-mount-\(getpid())"
    guard mkdir(path, 0o700) == 0 else { return false }
    defer { rmdir(path) }
    guard mount("tmpfs", path, "tmpfs", 0, "size=64k") == 0 else { return false }
    return umount(path) == 0
  }()

  static func mounted(_ body: (SmallDisk) async throws -> Void) async throws {
    let path = try Stage.required.newFolder("small")
    guard mount("tmpfs", path, "tmpfs", 0, "size=4m") == 0 else { throw SetupError.call("mount") }
    do {
      try await body(SmallDisk(path: path))
    } catch {
      umount2(path, Int32(MNT_DETACH))
      throw error
    }
    guard umount2(path, Int32(MNT_DETACH)) == 0 else { throw SetupError.call("umount") }
  }

  /// Takes all space that is left.
  func fill() throws {
    let file = open(ballast, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw SetupError.call("open") }
    defer { close(file) }
    let bytes = [UInt8](repeating: 1, count: 4096)
    while write(file, bytes, bytes.count) > 0 {}
  }

  /// Gives it back.
  func free() throws {
    guard unlink(ballast) == 0 else { throw SetupError.call("unlink") }
  }

  private var ballast: String { path + "/ballast" }
}
