import Claims
import ClaimsTestSupport
import Testing

@testable import ClaimsRegistry
@testable import ClaimsStore

/// Random histories of one account over two servers, judged by the decision functions of the program and by a model that knows nothing of them.
@Suite("Random histories")
struct HistoryTests {
  /// A seed that can be given again when a history fails.
  private static let seed = UInt64.random(in: .min ... .max)

  @Test(
    "of pushes, deletions, merges, recalls, restarts and clock jumps never bring an old token back but on purpose", .timeLimit(.minutes(5)))
  func histories() throws {
    let pool = try TokenPool()
    for number in 0..<100_000 {
      let seed = Self.seed &+ UInt64(number)
      var generator = SeededGenerator(seed: seed)
      var history = History(pool)
      for _ in 0..<Int.random(in: 1...12, using: &generator) {
        try history.step(using: &generator)
        guard history.wrong.isEmpty else { break }
      }
      try history.meet()
      guard history.wrong.isEmpty else {
        Issue.record("the history of seed \(seed): \(history.wrong.joined(separator: "; "))\n\(history.steps.joined(separator: "\n"))")
        return
      }
    }
  }

  @Test("are all told apart by the model: one that accepts an older token is found")
  func canFail() throws {
    var model = HistoryModel()
    let (old, new) = (Token("old").digest, Token("new").digest)
    #expect(model.accepts(new, iat: 5) == nil)
    #expect(model.accepts(old, iat: 4) != nil)
    #expect(model.accepts(new, iat: 5) != nil)
    #expect(model.marks(3) != nil)
  }
}

/// The tokens and delete claims of all histories: only their digests and seconds matter to the decisions.
struct TokenPool {
  struct Item {
    let token: Token
    let digest: TokenDigest
    let iat: Int64
  }

  let account: AccountKey
  let tokens: [Item]
  let claims: [DeleteClaim]

  static let first = TestTime.seconds

  init() throws {
    let authority = try TestAuthority()
    let account = try TestAuthority.account()
    self.account = account
    tokens = (0..<18).map { number in
      let token = Token("token \(number)")
      return Item(token: token, digest: token.digest, iat: Self.first + Int64(number / 3))
    }
    let trust = TrustedOperators([try TrustedOperator(text: authority.token.text)])
    claims = try (0..<12).map { number in
      let (second, variant) = (Int64(number / 2), Int64(number % 2))
      let token = try authority.deletion(of: [account], iat: Self.first + second, expires: Self.first + 1000 + variant)
      return try DeleteClaim(token, trust: trust.current, policy: AdmissionPolicy(), now: Self.first + second)
    }
  }
}

/// What must hold of every history, told without the program's own rules.
struct HistoryModel {
  private var mark = Int64.min
  private var everStored: Set<TokenDigest> = []

  /// A door accepted this token; gives what is wrong with that.
  mutating func accepts(_ digest: TokenDigest, iat: Int64) -> String? {
    defer {
      everStored.insert(digest)
      mark = max(mark, iat)
    }
    if iat < mark { return "a token of \(iat) was accepted after \(mark)" }
    if everStored.contains(digest) { return "a token that was replaced or deleted was accepted again" }
    return nil
  }

  /// The mark is now this one; gives what is wrong with that.
  mutating func marks(_ iat: Int64) -> String? {
    defer { mark = max(mark, iat) }
    return iat < mark ? "the mark shrank from \(mark) to \(iat)" : nil
  }

  /// Somebody brought this token back on purpose: the one way for an older one.
  mutating func recalls(_ digest: TokenDigest) { everStored.insert(digest) }

  /// A delete claim was accepted; gives what is wrong with that.
  mutating func deletes(_ claim: TokenDigest) -> String? {
    everStored.insert(claim).inserted ? nil : "a delete claim was accepted twice"
  }

  /// Another server's records are known here from now on.
  mutating func learns(_ other: HistoryModel) { everStored.formUnion(other.everStored) }
}
