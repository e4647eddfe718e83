import ArgumentParser
import ClaimsRegistry
import ClaimsStore

/// `audit --verify`: prints the findings and the log's head.
struct LogVerification {
  let reader: LogReader
  var heads: [LogHead] = []
  var checksSignatures = true
  var json = false

  private struct Finding: Encodable {
    let place: String
    let sequence: Int64?
    let problem: String
  }

  private struct Summary: Encodable {
    let ok: Bool
    let records: Int64
    let tokens: Int
    let givenUp: Int
    let findings: Int
    let head: String
  }

  func run() async throws {
    var verifier = LogVerifier(reader)
    verifier.heads = heads
    verifier.tokens = checksSignatures ? .signatures : .claims
    let total = Int((try? reader.head())?.sequence ?? 0)
    var progress = ProgressBar(total: total)
    var problem: (any Error)?
    let verdict: LogVerdict
    do {
      verdict = try await verifier.run(
        progress: { done, _ in progress.show(Int(done)) },
        report: { finding in
          progress.finish()
          do { try report(finding) } catch { problem = error }
        })
    } catch let error as StoreError {
      progress.finish()
      throw CommandFailure(error.description)
    }
    progress.finish()
    if let problem { throw problem }
    try conclude(verdict)
  }

  private func report(_ finding: LogFinding) throws {
    guard json else { return Console.print("FAIL  \(PlainText.line(finding.description, limit: 1000))") }
    Console.print(
      try JSONOutput.text(Finding(place: finding.place, sequence: finding.sequence, problem: finding.problem), pretty: false))
  }

  private func conclude(_ verdict: LogVerdict) throws {
    if json {
      let summary = Summary(
        ok: verdict.findings == 0, records: verdict.head.sequence, tokens: verdict.tokens, givenUp: verdict.givenUp,
        findings: verdict.findings, head: verdict.head.description)
      Console.print(try JSONOutput.text(summary, pretty: false))
      if verdict.findings > 0 { throw ExitCode.failure }
      return
    }
    let signatures = checksSignatures ? " with their signatures" : ""
    if verdict.findings == 0 {
      Console.print(
        "pass  \(verdict.head.sequence) records, \(verdict.tokens) tokens\(signatures), \(verdict.givenUp) tokens given up by retention")
    }
    Console.print("head  \(verdict.head)")
    if verdict.findings > 0 {
      throw CommandFailure("\(reader.path) is not as it was written: \(verdict.findings) findings; restore it from a copy")
    }
  }
}
