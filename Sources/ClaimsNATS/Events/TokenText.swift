public import Claims

/// Texts that are tokens, which are not to be shown whole: whoever has a bearer token can log in with it.
public enum TokenText {
  /// Whether a text is a token.
  public static func isToken(_ text: String) -> Bool {
    // The header of every token begins with a brace and a quotation mark.
    guard text.hasPrefix("eyJ"), text.utf8.count(where: { $0 == UInt8(ascii: ".") }) == 2 else { return false }
    return (try? DecodedToken.decode(Token(text))) != nil
  }

  /// Text that came from anyone, fit for a line of the terminal or the log.
  static func line(_ text: String) -> String {
    // What a client calls itself may be a token: an old server tells one that was used to log in as the user.
    isToken(text) ? "(a token)" : NATSError.printable(text)
  }

  /// The value with every token in it replaced by its claims, which cannot be turned back into a token: the signature is gone. Members
  /// named `jwt` that hold something else become `null`. All else stays as it is, in its order.
  public static func withoutTokens(_ value: JSONValue) -> JSONValue {
    switch value {
    case .object(let members):
      .object(
        members.map { member in
          let safe = withoutTokens(member.value)
          return JSONValue.Member(member.name, member.name == "jwt" && safe.text != nil ? .null : safe)
        })
    case .array(let elements): .array(elements.map(withoutTokens))
    case .string(let text): text.hasPrefix("eyJ") ? claims(Token(text)) ?? value : value
    default: value
    }
  }

  /// The claims of a token; nil when it is not readable.
  static func claims(_ token: Token) -> JSONValue? {
    guard let claims = try? DecodedToken.decode(token).claims else { return nil }
    return try? JSONReader().read(Array(claims.jsonText().utf8))
  }
}
