import Hummingbird

extension Request {
  /// Whether a parameter of the query says `true`, in any case: the only word that counts, as in the peer.
  func isFlagSet(_ name: String) -> Bool {
    uri.queryParameters[Substring(name)].map { $0.lowercased() == "true" } ?? false
  }
}

extension Request {
  /// Whether the client asks for JSON rather than text.
  var wantsJSON: Bool { headers[.accept]?.contains("application/json") ?? false }
}
