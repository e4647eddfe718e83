import Claims
import Nkeys

/// An event with what its tokens say, read once. Nothing of that is verified.
public struct EventReading: Sendable {
  /// The event.
  public let event: SystemEvent
  /// The client it is about.
  let client: ClientFacts?
  /// The claims that were sent.
  let claims: Claims?

  /// Reads an event.
  public init(_ event: SystemEvent) {
    self.event = event
    client = ClientFacts(event)
    claims = event.token.flatMap { try? DecodedToken.decode($0).claims }
  }

  /// The accounts that the event is about, as keys or plain names: one, or those of a delete claim; none for a server's own events.
  ///
  /// A refused client belongs to no account: it counts for the one its token names, which nobody verified.
  public var accounts: [String] {
    switch event.kind {
    case .authError: return (client?.token?.account ?? event.account).map { [TokenText.line($0)] } ?? []
    case .delete: return deletedAccounts
    default: return event.account.map { [$0] } ?? []
    }
  }

  /// What people call the account, when the event tells it.
  public var accountName: String? {
    let name: String? =
      switch event.kind {
      case .connect, .disconnect: client?.accountName
      case .connections: event.body?["name"]?.text
      case .update: claims?.common.name
      default: nil
      }
    guard let name, !name.isEmpty, name != event.account else { return nil }
    return TokenText.line(name)
  }

  private var deletedAccounts: [String] {
    guard case .array(let accounts)? = claims?.generic?.data?["accounts"] else { return [] }
    return accounts.compactMap { $0.text.map { TokenText.line($0) } }
  }
}
