extension Refusal.Code {
  /// Whether it says something about the claims: not when the store has troubles of its own, only reads, or waits for a signature.
  public var isAboutClaims: Bool { ![Refusal.Code.unavailable, .diskFull, .readOnly, .pending].contains(self) }
}
