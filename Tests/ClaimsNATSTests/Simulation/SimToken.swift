import Claims

/// A token of the simulation: signatures are taken for checked, so it says itself whether a trusted operator signed it.
struct SimToken: Hashable {
  let token: Token
  let iat: Int64
  let isTrusted: Bool
  let digest: TokenDigest

  init(_ number: Int, iat: Int64, isTrusted: Bool = true) {
    token = Token("token \(number) of \(iat) \(isTrusted)")
    digest = token.digest
    self.iat = iat
    self.isTrusted = isTrusted
  }
}
