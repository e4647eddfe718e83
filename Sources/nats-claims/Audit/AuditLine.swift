import Claims
import ClaimsRegistry
import ClaimsStore

/// A record as `audit` and `history` print it.
struct AuditLine: Encodable {
  let sequence: Int64
  let time: String
  let kind: String
  let account: String
  let mark: Int64
  let generation: Int64
  let expires: Int64?
  let jti: String
  let issuer: String
  let owner: String
  let actor: String
  let digest: String
  /// How many bytes the token has; null when they were given up.
  let bytes: Int?
  let chain: String

  init(_ logged: LoggedChange) {
    let change = logged.record.change
    sequence = logged.record.sequence
    time = TimePoint.text(milliseconds: change.time)
    kind = change.kind.name
    account = change.subject.text
    mark = change.iat
    generation = change.generation
    expires = change.expires > 0 ? change.expires : nil
    jti = change.jti
    issuer = change.issuer
    owner = change.owner
    actor = change.actor
    digest = change.digest.hex
    bytes = logged.size
    chain = LogHead.hex(logged.record.chain)
  }

  /// One line for people; what tokens and clients brought along cannot steer the terminal.
  var text: String {
    let name = kind + String(repeating: " ", count: max(0, 12 - kind.count))
    var facts = ["iat \(mark)"]
    if generation > 0 { facts.append("generation \(generation)") }
    if let expires { facts.append("expires \(Timestamp.text(expires))") }
    facts += ["jti \(PlainText.line(jti, limit: 64))", "issuer \(PlainText.line(issuer, limit: 64))"]
    if !owner.isEmpty, owner != issuer { facts.append("owner \(PlainText.line(owner, limit: 64))") }
    facts.append("by \(PlainText.line(actor))")
    if bytes == nil { facts.append("bytes given up") }
    return "\(time)  \(sequence)  \(name)  \(account)  \(facts.joined(separator: ", ")), chain \(chain.prefix(16))"
  }

  func print(json: Bool) throws {
    Console.print(json ? try JSONOutput.text(self, pretty: false) : text)
  }

  func encode(to encoder: any Encoder) throws {
    var members = encoder.container(keyedBy: CodingKeys.self)
    try members.encode(sequence, forKey: .sequence)
    try members.encode(time, forKey: .time)
    try members.encode(kind, forKey: .kind)
    try members.encode(account, forKey: .account)
    try members.encode(mark, forKey: .mark)
    try members.encode(generation, forKey: .generation)
    try members.encode(expires, forKey: .expires)
    try members.encode(jti, forKey: .jti)
    try members.encode(issuer, forKey: .issuer)
    try members.encode(owner, forKey: .owner)
    try members.encode(actor, forKey: .actor)
    try members.encode(digest, forKey: .digest)
    try members.encode(bytes, forKey: .bytes)
    try members.encode(chain, forKey: .chain)
  }

  private enum CodingKeys: String, CodingKey {
    case sequence, time, kind, account, mark, generation, expires, jti, issuer, owner, actor, digest, bytes, chain
  }
}
