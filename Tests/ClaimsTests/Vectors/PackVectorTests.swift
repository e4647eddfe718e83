import Foundation
import TestSupport
import Testing

@testable import Claims

@Suite("packs as the vectors say")
struct PackVectorTests {
  @Test("a set of tokens has one digest, whatever their order", arguments: ClaimsVectors.pack.cases("xor"))
  func combines(_ vector: ClaimsVectorCase) {
    #expect(Self.digestDifferences(of: vector) == [])
  }

  @Test("packs are written, cut, read and merged as by the reference's store", arguments: ClaimsVectors.pack.cases("stores"))
  func stores(_ vector: ClaimsVectorCase) {
    #expect(Self.storeDifferences(of: vector) == [])
  }

  @Test("every list of the file is run, and has cases")
  func isComplete() {
    #expect(ClaimsVectors.pack.problems(running: ["xor", "stores"]) == [])
  }

  /// Where a combined digest differs from what a case expects.
  static func digestDifferences(of vector: ClaimsVectorCase) -> [String] {
    Differences.found { differences in
      let digests = vector.texts("jwts").map { Token($0).digest }
      differences.compare("digest", digests.reduce(.zero, ^).hex, with: vector.text("xor_sha256_hex"))
      differences.compare("digest of the reverse", digests.reversed().reduce(.zero, ^).hex, with: vector.text("xor_sha256_hex"))
    }
  }

  /// Where a store that takes the steps of a case differs from what it expects.
  static func storeDifferences(of vector: ClaimsVectorCase) -> [String] {
    Differences.found { differences in
      guard let description = vector.part("store") else { throw SetupError("the case has no store") }
      var store = try ReferenceStore(description)
      for (number, step) in (vector.value["steps"]?.elements ?? []).map(ClaimsVectorCase.init).enumerated() {
        let name = "step \(number), \(step.text("op")),"
        let outcome = try StoreOutcome(of: step, on: &store)
        differences.compare("\(name) error", outcome.error ?? "", with: outcome.isInexact ? outcome.error ?? "" : step.text("error"))
        differences.compare("\(name) is refused", outcome.error != nil, with: !step.text("error").isEmpty)
        differences.compare("\(name) result", outcome.result, with: step.text("result"))
        differences.compare("\(name) parts", outcome.parts, with: step.texts("parts"))
        differences.compare("\(name) hash", store.hash.hex, with: step.text("hash_after"))
      }
      let files = (vector.value["files_sha256_after"]?.members ?? []).map { "\($0.name) \($0.value.text ?? "")" }
      differences.compare("files", store.files.map { "\($0.key) \($0.value.digest)" }.sorted(), with: files.sorted())
    }
  }
}

/// What a step says.
private struct StoreOutcome {
  private(set) var error: String?
  private(set) var isInexact = false
  private(set) var result = ""
  private(set) var parts: [String] = []

  init(of step: ClaimsVectorCase, on store: inout ReferenceStore) throws {
    let (key, token, maximum) = (step.text("key"), Token(step.text("jwt")), Int(step.integer("max")))
    let now = Int64(Date().timeIntervalSince1970)
    do throws(ReferenceStore.Failure) {
      switch step.text("op") {
      case "save": try store.save(key, token)
      case "load": result = try store.load(key).text
      case "merge": try store.merge(Array(step.text("pack").utf8))
      case "pack": result = Self.text(store.pack(maximum, at: now))
      case "pack_walk": parts = try store.packWalk(maximum, at: now).map(Self.text)
      case "put_file": store.putFile(key, token)
      case "reload": store.reload()
      default: throw ReferenceStore.Failure(message: "unknown operation")
      }
    } catch {
      self.error = error.message
      isInexact = error.isInexact
    }
  }

  private static func text(_ pack: PackText) -> String { String(decoding: pack.bytes, as: UTF8.self) }
}

extension ReferenceStore {
  /// A store as a case describes it. Throws `SetupError` for what this double does not know.
  fileprivate init(_ description: ClaimsVectorCase) throws {
    let kind = description.text("kind")
    guard ["plain", "expiring"].contains(kind), ["", "max"].contains(description.text("ttl")) else {
      throw SetupError("a store of another kind: \(description.value)")
    }
    self.init(
      isIndexed: kind == "expiring", isSharded: description.bool("shard"),
      limit: description.part("limit").map { _ in Int(description.integer("limit")) }, evictsOnLimit: description.bool("evict_on_limit"))
  }
}
