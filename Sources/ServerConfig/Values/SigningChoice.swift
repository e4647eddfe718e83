/// Whether claims that an account signed itself are signed here.
public enum SigningChoice: String, Sendable, CaseIterable {
  /// They are refused, or sent to a signing service.
  case none
  /// They are signed with an operator's key from the key store.
  case local
}
