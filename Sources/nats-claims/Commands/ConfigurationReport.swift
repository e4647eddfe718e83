import Foundation
import ServerConfig

/// What `doctor` says of a configuration of the peer.
struct ConfigurationReport: Encodable {
  private struct Remark: Encodable {
    let kind: String
    let place: String?
    let text: String
  }

  let file: String
  private let remarks: [Remark]
  private let answers: [String]
  /// The operators' files that the configuration names.
  let operators: [String]

  /// Judges a file.
  init(file: String) throws(CommandFailure) {
    self.file = file
    let judgement: PeerJudgement
    do throws(ConfigError) {
      judgement = try PeerJudgement(file: file, source: ConfigSource(environment: ProcessInfo.processInfo.environment))
    } catch {
      throw CommandFailure("nats-claims would not start with this configuration: \(error)")
    }
    remarks = judgement.remarks.map { Remark(kind: $0.kind.rawValue, place: $0.position?.description, text: $0.message) }
    operators = judgement.options.operatorFiles
    answers = PeerDifferences.all(for: judgement.options)
  }

  private static let titles = [
    ("changed", "keys that mean something else:"), ("unneeded", "keys that are no longer needed:"),
    ("mistake", "what may be a mistake:"),
  ]

  /// The report for people.
  var lines: [String] {
    var lines = ["\(file): nats-claims would start with this configuration"]
    for (kind, title) in Self.titles {
      let found = remarks.filter { $0.kind == kind }
      if !found.isEmpty { lines += [title] + found.map { "  \($0.place.map { "\($0): " } ?? "")\($0.text)" } }
    }
    return lines + ["what would be answered differently:"] + answers.map { "  \($0)" }
  }
}
