import Claims
import ClaimsStore
import ClaimsTestSupport
import Foundation
import Glibc
import Testing

extension SystemTests {
  @Suite("a disk that fails under the log")
  struct DiskFaultTests {
    @Test(
      "for one call, whichever of a push: the push is answered, lookups go on, and the next push is stored",
      arguments: [BreakableDisk.Failure.error(EIO), .error(ENOSPC), .short])
    func oneCall(_ failure: BreakableDisk.Failure) async throws {
      let scene = try await BrokenDiskScene()
      let calls = try await scene.callsOfOnePush()
      #expect(calls.contains { $0.call == .sync } && calls.contains { $0.call == .write })
      try await scene.withLookups { () async throws in
        // Readers of the log note their cursors meanwhile and take a number now and then: the kinds of calls are gone through once more by name.
        let steps = (1...calls.count + 2).map { (call: BreakableDisk.Call.any, number: $0) }
        for step in steps + [(.write, 1), (.sync, 1)] {
          try scene.disk.fail(step.call, failure, first: step.number, count: 1)
          let status = try await scene.push()
          #expect(failure == .short ? status == 200 : [200, 503, 507].contains(status), "call \(step): \(status)")
          try scene.disk.heal()
          try await scene.heals()
        }
      }
      #expect(Set(scene.disk.failed.map(\.call)).isSuperset(of: failure == .short ? [.write] : [.write, .sync]))
      try await scene.survivesKill()
    }

    @Test("for every sync from now on: nothing is acknowledged before the log is proved good again")
    func syncsFail() async throws {
      let scene = try await BrokenDiskScene()
      try await scene.withLookups { () async throws in
        try scene.disk.fail(.sync, .error(EIO))
        for _ in 0..<10 { #expect(try await scene.push() == 503) }
        let ready = try await scene.claims.http.get("/readyz")
        #expect(ready.status == 200)
        #expect(ready.text.contains("\"log\""), "\(ready.text)")
        // The sync works again, but not the proof.
        try scene.disk.fail(.write, on: .log, .error(EIO))
        for _ in 0..<5 { #expect(try await scene.push() == 503) }
        try scene.disk.heal()
        try await scene.heals()
      }
      try await scene.survivesKill()
    }

    @Test("heals by itself, without a push", arguments: [EIO, ENOSPC])
    func healsAlone(_ code: Int32) async throws {
      let scene = try await BrokenDiskScene()
      try scene.disk.fail(.any, .error(code))
      #expect(try await scene.push() == (code == EIO ? 503 : 507))
      #expect(try await scene.isWarned())
      try scene.disk.heal()
      try await eventually("the warning is gone", within: 10) { try await !scene.isWarned() }
      #expect(try await scene.push() == 200)
    }

    @Test("at any call of the proof: it is tried again")
    func proofFails() async throws {
      let scene = try await BrokenDiskScene()
      try await scene.withLookups { () async throws in
        for step in 1...(try await scene.callsOfOneProof()) {
          try scene.disk.fail(.sync, .error(EIO))
          #expect(try await scene.push() == 503)
          try scene.disk.fail(.any, .error(step % 2 == 0 ? ENOSPC : EIO), first: step, count: 1)
          #expect(try await [200, 503, 507].contains(scene.push()), "call \(step)")
          try scene.disk.heal()
          try await scene.heals()
        }
      }
      #expect(Set(scene.disk.failed.map(\.call)).isSuperset(of: [.write, .sync, .truncate]))
      try await scene.survivesKill()
    }

    @Test("for every copy of the write-ahead log into the log itself: pushes are stored, nothing is lost")
    func checkpointsFail() async throws {
      let scene = try await BrokenDiskScene()
      try scene.disk.fail(.sync, on: .log, .error(EIO))
      let isMet = { scene.disk.failed.contains { $0.isOnLog } }
      try await scene.withLookups { () async throws in
        // A copy is made when the write-ahead log has eight thousand pages.
        for _ in 0..<80 where !isMet() { #expect(try await scene.push(size: 700_000) == 200) }
        for _ in 0..<5 { #expect(try await scene.push() == 200) }
      }
      #expect(isMet(), "no checkpoint was made")
      try await scene.survivesKill()
      try scene.disk.heal()
      for _ in 0..<5 { #expect(try await scene.push() == 200) }
      try await scene.survivesKill()
    }

    @Test("and is killed after it refused: it starts with what was acknowledged, or with the push that it could not vouch for")
    func killedWhileBroken() async throws {
      let scene = try await BrokenDiskScene()
      for call in [BreakableDisk.Call.write, .sync] {
        try scene.disk.fail(call, .error(EIO))
        #expect(try await scene.push() == 503)
        try await scene.survivesKill()
        try scene.disk.heal()
        #expect(try await scene.push() == 200)
      }
      try await scene.survivesKill()
    }

    @Test("for good at a sync: lookups go on while the push waits")
    func hangs() async throws {
      let scene = try await BrokenDiskScene()
      try scene.disk.fail(.sync, .hang)
      try await scene.withLookups { () async throws in
        let token = try scene.nextToken()
        let (http, key) = (scene.claims.http, scene.account.key)
        async let answer = http.push(token, to: key)
        try await eventually("the sync hangs") { scene.disk.failed.contains { $0.result == "hung" } }
        let before = scene.lookups.count
        try await eventually("lookups go on") { scene.lookups.count > before + 20 }
        try scene.disk.heal()
        #expect(scene.note(try await answer.status, of: token) == 200)
      }
      try await scene.survivesKill()
    }
  }
}
