import ClaimsStore

extension Refusal {
  /// What a failed store means to whoever pushed.
  init(_ error: StoreError) {
    switch error.code {
    case .diskFull: self.init(.diskFull, error.message)
    case .readOnly: self.init(.readOnly, error.message)
    default: self.init(.unavailable, error.message)
    }
  }
}
