import Claims
import ClaimsRegistry
import Foundation
import Nkeys

/// An operator whose token and keys lie in a key store, able to sign.
struct OperatorKeys {
  let store: KeyStore
  let trusted: TrustedOperator
  /// A signing key if there is one, else the identity key.
  let signer: KeyPair

  init(_ store: KeyStore) throws {
    self.store = store
    trusted = try TrustedOperator(file: store.operatorFile)
    guard let signer = try store.pair(among: trusted.accountSigners) else {
      throw CommandFailure("\(store.path)/keys holds no key of the operator \(trusted.key) that may sign: copy its seed there")
    }
    self.signer = signer
  }
}

extension TrustedOperator {
  /// Reads an operator's token from a file.
  init(file: String) throws {
    guard let data = FileManager.default.contents(atPath: file) else {
      throw CommandFailure("the operator's token \(file) cannot be read: give the path of an operator JWT")
    }
    do {
      try self.init(text: String(decoding: data, as: UTF8.self))
    } catch {
      throw CommandFailure("\(file): \(error.message)")
    }
  }
}
