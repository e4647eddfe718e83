public import Nkeys

/// Keys that are the same in every run, so that an input means the same tomorrow.
public enum FixedKeys {
  /// The key pair of a role.
  public static func pair(_ role: Role) -> KeyPair {
    mustSucceed("no key pair") { try KeyPair(role: role, rawSeed: [UInt8](repeating: role.prefixByte, count: RawKey.count)) }
  }
}
