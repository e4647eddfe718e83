/// Where this program answers otherwise than nats-account-server, on purpose: the one table, of which `docs/differences.md` is the copy for people.
enum GoldenDifferences {
  /// A kind of difference that is in many answers.
  enum Everywhere: Sendable {
    case vary
    case tag
    case age
    case detail
  }

  static let everywhere: [(kind: Everywhere, request: String, peer: String, here: String, why: String)] = [
    (
      .vary, "every request", "`Vary: Origin`", "none, unless `http.cors` is set",
      "an answer that is the same for every origin need not be kept once for each"
    ),
    (
      .tag, "every account found", "`Etag` is the token's `jti`", "the SHA-256 of its bytes",
      "two tokens can share a `jti`: a cache would keep the wrong one"
    ),
    (
      .age, "every account found", "`max-age` is negative or as long as the token's life, then stale for an hour",
      "at most 60 seconds, never past the token's end, then it must be checked", "a cache must not serve a revoked account for an hour"
    ),
    (
      .detail, "every token refused", "the bare words", "the same words, a colon, what is wrong and what to do",
      "who pushed it can mend it; tools look at the status and at how the text begins"
    ),
  ]

  /// What is not sent here, because it needs more than a request, and what is done instead.
  static let notReplayed: [String: (peer: String, here: String, why: String)] = [
    "Zero-length file in the store (e.g. after a torn write)": ("500", "404, or the token that was stored before", torn),
    "Truncated file in the store": ("500", "404, or the token that was stored before", torn),
    "Truncated file, text=true": ("200 with a part of a token", "404, or the token that was stored before", torn),
    "Truncated file, decode=true": ("no answer", "404, or the token that was stored before", torn),
    "File without dots, decode=true": ("no answer", "404, or the token that was stored before", torn),
    "A POST accepted before NATS is up is never announced": (
      "200, and nats-servers never learn it", "200, and it is announced when NATS is there", unannounced
    ),
    "POST right after the nats-server stopped (client still reconnecting)": (
      "200, then the process ends with code 255", "200, announced when NATS is back; the process goes on", unannounced
    ),
    "POST when the notification cannot be published (nats-server max_payload 500, token 702 bytes)": (
      "500, although it is stored", "200, and `/readyz` names the change", "the answer says what became of the push"
    ),
    "GET ?notify=true in the same situation": ("500", "200, and `/readyz` names the change", "the answer says what became of the lookup"),
    "POST on a nearly full disk (token of 12448 bytes, about one 4 KiB page free)": (
      "500, and the stored token is destroyed", "507, and the stored token stays", "nothing accepted is lost"
    ),
    "GET of that account afterwards": ("500", "200 with the token that was stored", "nothing accepted is lost"),
    "System calls of one POST": (
      "the file is truncated and rewritten, not synced", "the log is synced before the answer", "nothing accepted is lost"
    ),
    "White space": ("a line feed is stored and served", "it is left out", "the bytes served are the token's"),
    "Two servers on one directory": ("both run", "the second is refused, unless it is read-only", "two writers corrupt each other's view"),
    "Signals": (
      "SIGTERM kills, SIGHUP closes the port for a moment", "SIGTERM finishes what is open, SIGHUP keeps every connection",
      "a restart loses nothing"
    ),
    "No operator configured: GET operator": ("404", "404", "alike; it needs a server without an operator"),
    "No operator configured: POST account": ("400", "400", "alike; it needs a server without an operator"),
    "Store directory holding a corrupt file, a file with a foreign name, and a file whose token is of another account: pack": (
      "served as they come", "withheld, and named in `/readyz`", torn
    ),
    "GET of the key whose file holds another account's token (served)": ("200", "404, and `/readyz` names the file", torn),
    "Expired tokens are deleted from disk": (
      "deleted at the start, and once a minute", "kept and marked", "a timer must not delete claims"
    ),
    "GET of the untrusted token afterwards": ("200", "404", judged),
    "B pushed over NATS only": (
      "arrives by the peer's own synchronisation", "stored as a push over HTTP is", judged
    ),
    "Untrusted token over NATS": ("stored", "refused", judged),
    "Older token over NATS": ("stored", "refused, and the stored one is announced again", judged),
    "Subject key and token subject differ over NATS": ("stored", "refused", judged),
    "Request `$SYS.ACCOUNT.<A>.CLAIMS.UPDATE` with nas and one full-resolver server present: 2 replies": (
      "replies", "replies what became of it", judged
    ),
    "Request `$SYS.REQ.ACCOUNT.<A>.CLAIMS.UPDATE` with nas and one full-resolver server present: 1 replies": (
      "no reply", "replies what became of it", services
    ),
    "Request `$SYS.REQ.CLAIMS.UPDATE` with nas and one full-resolver server present: 1 replies": (
      "no reply", "replies what became of it", services
    ),
    "Request `$SYS.REQ.CLAIMS.LIST` with nas and one full-resolver server present: 1 replies": ("no reply", "replies", services),
    "Request `$SYS.REQ.ACCOUNT.<A>.CLAIMS.LOOKUP` with nas and one full-resolver server present: 2 replies": (
      "replies", "replies when it knows the account",
      "of one that it does not know others may know; `nats.onlyauthority` says that nobody does"
    ),
  ]

  private static let unannounced = "no update goes unannounced"
  private static let judged = "what comes over NATS goes through the same admission as over HTTP: the peer stored it unchecked"
  private static let services = "what nsc does over `nats://` works with this program alone, too"
  private static let torn = "files are not what is served: a damaged one is set aside and named, and written again from the log"
  private static let headers = "HEAD is answered (RFC 9110, 9.3.2), so it is allowed"
  private static let more = "HEAD is answered, and DELETE takes a delete claim, so they are allowed"
  private static let head = "RFC 9110, 9.3.2: HEAD is what GET is, without its body"
  private static let notModified = "RFC 9110, 15.4.5: a 304 carries what the 200 would have"
  private static let tooLarge = "a body that no token can have is cut off before it is read"
  private static let lookup = "a lookup asks nobody else: the peer asked nats-servers, and took their empty reply for a token"
  private static let cors = "pages of other origins are let in only where `http.cors` names them"
  private static let activations = "activations are stored and served here, as the peer's documentation promises"

  /// Why a request is answered otherwise.
  static let reasons: [String: String] = [
    "Help": "it describes this program", "Health with POST": headers, "Operator HEAD": head,
    "v2 operator (nsc pull -A asks for it first)": "nsc asks here first", "POST without a key in the path": headers,
    "POST without a key and slash": headers,
    "POST with blocking validation errors": "the peer lists overlaps in random order, this program sorts them",
    "POST 10 MiB of garbage": tooLarge,
    "POST 4 MiB of otherwise valid JWT": tooLarge, "POST a valid JWT of several MB (tags)": tooLarge, "PUT": more,
    "DELETE": "an empty body is no delete claim; one that is removes the account", "PATCH": more,
    "POST the older token (iat = now-1000 s, conn limit 7)": "no old token can be replayed; `accept-older` does it on purpose",
    "If-None-Match: exact": notModified, "If-None-Match: several, one matches": notModified, "If-None-Match: weak": notModified,
    "If-None-Match: *": "RFC 9110, 13.1.2: `*` names any token that is there",
    "If-None-Match: two header lines, second matches": "RFC 9110, 5.3: lines of one name are one list", "HEAD": head, "HEAD probe": head,
    "Simple GET with Origin": cors, "Preflight GET": cors, "Preflight POST with headers": cors, "Preflight DELETE": cors,
    "OPTIONS without Origin": more, "OPTIONS without Origin, probe path": headers, "pack HEAD": head, "GET activation": activations,
    "GET unknown account (falls through to a NATS lookup)": lookup, "GET unknown account, text=true": lookup,
    "GET unknown account, decode=true": lookup,
    "GET key with CR LF (NATS protocol injection)": "an escaped path is no path of ours",
    "GET ?notify=true with matching If-None-Match (no message is sent)": notModified,
    "POST activation": activations, "POST activation with slash": activations, "Pack by POST": headers,
  ]

  /// A difference that was found.
  struct Found: Sendable {
    let title: String
    let peer: String
    let here: String
    var isEverywhere: Everywhere?
  }

  static func found(
    _ exchange: GoldenExchange, expected: (String) throws -> String, _ here: GoldenAnswer?
  ) rethrows -> [Found] {
    guard let peer = exchange.answer, let here else {
      return [Found(title: exchange.title, peer: shown(exchange.answer), here: shown(here))]
    }
    guard peer.status == here.status else { return [Found(title: exchange.title, peer: "\(peer.status)", here: "\(here.status)")] }
    var found: [Found] = []
    for name in Set(peer.fields.keys).union(here.fields.keys).sorted() {
      let value = try peer.fields[name].map(expected)
      if value != here.fields[name] { found.append(field(exchange.title, name, value, here.fields[name])) }
    }
    let body = exchange.method == "HEAD" ? "" : try expected(peer.body)
    if body != here.body { found.append(text(exchange.title, body, here.body, isRefusal: peer.status >= 400)) }
    return found
  }

  private static func shown(_ answer: GoldenAnswer?) -> String { answer.map { "\($0.status)" } ?? "no answer" }

  private static func field(_ title: String, _ name: String, _ peer: String?, _ here: String?) -> Found {
    let value = name == "etag" ? here.map { _ in "the token's tag" } : here
    var found = Found(title: title, peer: peer.map { "`\(name): \($0)`" } ?? "no `\(name)`", here: value.map { "`\($0)`" } ?? "none")
    switch (name, peer, here) {
    case ("vary", "Origin", nil): found.isEverywhere = .vary
    case ("etag", .some, .some): found.isEverywhere = .tag
    case ("cache-control", .some, .some): found.isEverywhere = .age
    default: break
    }
    return found
  }

  private static func text(_ title: String, _ peer: String, _ here: String, isRefusal: Bool) -> Found {
    let isDetail = isRefusal && !peer.isEmpty && here.hasPrefix(peer.dropLast() + ": ")
    return Found(title: title, peer: "its text", here: "another", isEverywhere: isDetail ? .detail : nil)
  }

  /// The rows of the document.
  static func rows(_ found: [Found]) -> [String] {
    everywhere.map { "| \($0.request) | \($0.peer) | \($0.here) | \($0.why) |" }
      + found.map { "| \($0.title) | \($0.peer) | \($0.here) | \(reasons[$0.title] ?? "?") |" }
      + notReplayed.sorted { $0.key < $1.key }.map { "| \($0.key) | \($0.value.peer) | \($0.value.here) | \($0.value.why) |" }
  }
}
