import Claims
import ClaimsRegistry
import ClaimsStore

/// A record as `audit` and `history` print it.
struct AuditLine {
  let logged: LoggedChange

  init(_ logged: LoggedChange) { self.logged = logged }

  /// One line for people; what tokens and clients brought along cannot steer the terminal.
  var text: String {
    let change = logged.record.change
    let kind = change.kind.name
    let name = kind + String(repeating: " ", count: max(0, 12 - kind.count))
    var facts = ["iat \(change.iat)"]
    if change.generation > 0 { facts.append("generation \(change.generation)") }
    if change.expires > 0 { facts.append("expires \(Timestamp.text(change.expires))") }
    facts += ["jti \(PlainText.line(change.jti, limit: 64))", "issuer \(PlainText.line(change.issuer, limit: 64))"]
    if !change.owner.isEmpty, change.owner != change.issuer { facts.append("owner \(PlainText.line(change.owner, limit: 64))") }
    facts.append("by \(PlainText.line(change.actor))")
    if logged.size == nil { facts.append("bytes given up") }
    let time = TimePoint.text(milliseconds: change.time)
    let chain = LogHead.hex(logged.record.chain).prefix(16)
    return "\(time)  \(logged.record.sequence)  \(name)  \(change.subject)  \(facts.joined(separator: ", ")), chain \(chain)"
  }

  func print(json: Bool) throws {
    Console.print(json ? logged.json.jsonText : text)
  }
}
