import Claims
import Nkeys

extension SystemEvent {
  /// The accounts that the event is about, as keys or plain names: one, or those of a delete claim; none for a server's own events.
  ///
  /// A refused client belongs to no account: it counts for the one its token names, which nobody verified.
  public var accounts: [String] {
    switch kind {
    case .authError: return (ClientFacts(self)?.token?.account ?? account).map { [Self.plain($0)] } ?? []
    case .delete: return deletedAccounts
    default: return account.map { [$0] } ?? []
    }
  }

  /// What people call the account, when the event tells it.
  public var accountName: String? {
    switch kind {
    case .connect, .disconnect: return ClientFacts(self)?.accountName.map { Self.plain($0) }
    case .connections:
      guard let name = body?["name"]?.text, !name.isEmpty, name != account else { return nil }
      return Self.plain(name)
    case .update:
      guard let name = claims?.common.name, !name.isEmpty else { return nil }
      return Self.plain(name)
    default: return nil
    }
  }

  /// What is told of claims that were sent; nothing is verified. Nil for other events, and for what is not readable.
  var claims: Claims? { token.flatMap { try? DecodedToken.decode($0).claims } }

  /// Text that came from anyone, fit for a line.
  static func plain(_ text: String) -> String {
    // What a client calls itself may be a token: an old server tells one that was used to log in as the user.
    TokenText.isToken(text) ? "(a token)" : NATSError.printable(text)
  }

  private var deletedAccounts: [String] {
    guard case .array(let accounts)? = claims?.generic?.data?["accounts"] else { return [] }
    return accounts.compactMap { $0.text.map { Self.plain($0) } }
  }
}
