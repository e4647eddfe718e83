import Claims
import ClaimsRegistry

/// What a server of ours says would come of a push.
struct DryRun {
  private let answer: JSONValue

  /// Asks the server.
  init(_ token: Token, of account: AccountKey, at client: ServerClient) async throws {
    let answer = try await client.api("/accounts/\(account)?dry_run=true", body: token.bytes)
    guard answer.isOK, let read = try? JSONReader().read(answer.body), read["result"] != nil else {
      throw CommandFailure("\(account): the server does not say what would come of it: \(answer.line)")
    }
    self.answer = read
  }

  /// Whether the push would be taken.
  var isAccepted: Bool { answer["result"]?.text != "refused" }

  /// What would be stored, changed and dropped.
  var lines: [String] {
    var lines: [String] = []
    switch answer["result"]?.text {
    case "refused": lines.append("would be refused: \(answer["problem"]?["detail"]?.text ?? "")")
    case "unchanged": lines.append("is stored already: nothing would change")
    default: lines.append("would be stored")
    }
    lines += (answer["changes"]?.elements ?? []).compactMap { $0["text"]?.text.map { "  \($0)" } }
    if let impact = answer["impact"], !impact.isNull {
      let effects = impact["effects"]?.elements ?? []
      lines += effects.flatMap(Self.lines)
      if effects.isEmpty { lines.append("  \(impact["connected"]?.integer ?? 0) connected now: none would be dropped") }
      lines += Self.silence(impact)
    } else if isAccepted {
      lines.append("  no nats-server can be asked who is connected")
    }
    return lines.map { PlainText.line($0) }
  }

  private static func lines(_ effect: JSONValue) -> [String] {
    guard let text = effect["text"]?.text else { return [] }
    let (dropped, most) = (effect["dropped"]?.integer ?? 0, effect["most"]?.integer ?? 0)
    return ["  \(text)"] + (most > dropped ? ["  it can be up to \(most), since each server closes what it finds too many among all"] : [])
  }

  /// A line about the servers that did not answer.
  static func silence(_ impact: JSONValue) -> [String] {
    let silent = (impact["silent"]?.elements ?? []).compactMap(\.text)
    return silent.isEmpty ? [] : ["  \(silent.joined(separator: ", ")) did not answer: the clients there are not counted"]
  }

  /// The whole answer.
  var json: String { answer.jsonText }
}
