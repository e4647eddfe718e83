import Claims
import ClaimsRegistry

/// Which nats-servers hold an account's claims, as a server of ours knows it.
struct AccountHolding {
  private let answer: JSONValue

  /// Asks the server; nil when it does not say: another program, or one that shows it to others.
  init?(_ account: AccountKey, at option: ServerOption) async {
    guard let answer = try? await option.client().api("/accounts/\(account)"), answer.isOK,
      let read = try? JSONReader().read(answer.body), read["delivery"] != nil
    else { return nil }
    self.answer = read
  }

  /// One line for people; nil when there is nothing to say.
  var text: String? {
    var parts: [String] = []
    if let delivery = answer["delivery"]?["text"]?.text { parts.append("nats-servers: \(delivery)") }
    for drift in answer["drift"]?.elements ?? [] {
      parts.append("\(drift["name"]?.text ?? "") holds \(drift["kind"]?.text ?? "other") claims")
    }
    if let activity = answer["activity"], !activity.isNull { parts.append("\(activity["connected"]?.integer ?? 0) connected") }
    return parts.isEmpty ? nil : PlainText.line(parts.joined(separator: "; "))
  }
}
