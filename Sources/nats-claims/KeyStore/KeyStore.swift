import Claims
import ClaimsRegistry
import Nkeys

/// A folder of keys in the layout of nsc's `NKEYS_PATH`: `keys/<role letter>/<2nd and 3rd letter>/<PUBLIC KEY>.nk`, each with one seed, and
/// `creds/<OPERATOR>/<ACCOUNT>/<USER>.creds`. The operator's token lies beside them in `operator.jwt`.
struct KeyStore {
  let path: String

  /// The operator's token.
  var operatorFile: String { "\(path)/operator.jwt" }

  /// The creds file of a user.
  func credentialsFile(operator name: String, account: String, user: String) -> String {
    "\(path)/creds/\(name)/\(account)/\(user).creds"
  }

  /// The file of a key's seed.
  func seedFile(_ key: PublicKey) -> String {
    let text = key.text
    return "\(path)/keys/\(key.role.letter)/\(text.dropFirst().prefix(2))/\(text).nk"
  }

  /// Keeps a seed.
  func save(_ pair: KeyPair) throws {
    try SecretFile.create(seedFile(pair.publicKey), try pair.seedText())
  }

  /// The pair of a public key, if its seed is here.
  func pair(of key: PublicKey) throws -> KeyPair? {
    let file = seedFile(key)
    do {
      guard let pair = try SecretFile.withContents(of: file, { try KeyPair(seedUTF8: $0.trimmed) }) else { return nil }
      guard pair.publicKey == key else { throw CommandFailure("\(file) holds the seed of another key, \(pair.publicKey)") }
      return pair
    } catch let error as NkeyError {
      throw CommandFailure("\(file) holds no seed: \(error.message)")
    }
  }

  /// The pair of the first of these keys whose seed is here.
  func pair(among keys: [PublicKey]) throws -> KeyPair? {
    for key in keys {
      if let pair = try pair(of: key) { return pair }
    }
    return nil
  }
}

extension KeyStore: OperatorSigners {
  func signer(among keys: [PublicKey]) throws -> (any ClaimsSigner)? { try pair(among: keys) }
}
