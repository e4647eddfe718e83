import Claims

/// A token of the simulation: signatures are taken for checked, so it says itself whether a trusted operator signed it.
struct SimToken: Hashable {
  let token: Token
  let iat: Int64
  let isTrusted: Bool

  init(_ number: Int, iat: Int64, isTrusted: Bool = true) {
    token = Token("token \(number) of \(iat) \(isTrusted)")
    self.iat = iat
    self.isTrusted = isTrusted
  }

  var digest: TokenDigest { token.digest }
}
