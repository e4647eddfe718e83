import Crypto
import Nkeys

extension ActivationClaims {
  /// A hash of issuer, subject and what may be imported, under which activations are stored.
  ///
  /// Throws `incomplete` when one of the three is empty.
  public func activationHash() throws(ClaimsError) -> ActivationHash {
    guard !common.iss.isEmpty, !common.sub.isEmpty, !subject.isEmpty else {
      throw ClaimsError(.incomplete, "not enough data in the activaion claims to create a hash")
    }
    let text = "\(common.iss).\(common.sub).\(subject.fixedPart)"
    return ActivationHash(Array(SHA256.hash(data: Array(text.utf8))))
  }

  /// The text of ``activationHash()`` as the reference writes it, with padding.
  ///
  /// Throws `incomplete` when there is not enough to hash.
  public func hashID() throws(ClaimsError) -> String { try activationHash().padded }
}

extension Subject {
  /// The tokens in front of the first wildcard; `_` when that is the first token, the whole text when nothing is left.
  fileprivate var fixedPart: String {
    let tokens = self.tokens
    guard let wildcard = tokens.firstIndex(where: { $0.utf8.elementsEqual("*".utf8) || $0.utf8.elementsEqual(">".utf8) }) else {
      return text
    }
    if wildcard == 0 { return "_" }
    let fixed = tokens[..<wildcard].joined(separator: ".")
    return fixed.isEmpty ? text : fixed
  }
}
