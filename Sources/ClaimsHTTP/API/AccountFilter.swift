import Claims
import ClaimsRegistry
import ClaimsStore

/// Which accounts a list shows.
struct AccountFilter: Sendable {
  static let parameters = ["name", "text", "status", "tag", "issuer", "operator", "expires_within"]

  let name: String?
  let text: String?
  let status: AccountStatus?
  let tag: String?
  let issuer: String?
  let operatorKey: String?
  /// In milliseconds.
  let expiresWithin: Int64?

  init(_ query: APIQuery) throws(Problem) {
    name = query.text("name")
    text = query.text("text")?.lowercased()
    status = try query.choice("status", of: AccountStatus.self)
    tag = query.text("tag")?.lowercased()
    issuer = query.text("issuer")
    operatorKey = query.text("operator")
    expiresWithin = try query.span("expires_within")
  }

  /// Whether an account may be shown, by what is in memory; `now` is in seconds since 1970. Deleted accounts are shown only when they are asked
  /// for.
  func mayShow(_ entry: AccountEntry, in index: AccountIndex, now: Int64) -> Bool {
    if entry.isDeleted != (status == .deleted) { return false }
    if let issuer, index.text(of: entry.issuer) != issuer { return false }
    if let operatorKey, index.text(of: entry.owner) != operatorKey { return false }
    guard let expiresWithin else { return true }
    return entry.expires >= now && entry.expires - now <= expiresWithin / 1000
  }

  /// Whether an account is shown.
  func shows(_ view: AccountView) -> Bool {
    if let status, view.status != status { return false }
    if let name, view.claims?.common.name != name { return false }
    if let tag, view.claims?.tags.contains(where: { $0.lowercased() == tag }) != true { return false }
    guard let text else { return true }
    let claims = view.claims
    return ([view.account.text, claims?.common.name ?? "", claims?.description ?? ""] + (claims?.tags ?? []))
      .contains { $0.lowercased().contains(text) }
  }
}
