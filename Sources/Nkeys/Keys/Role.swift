/// What a key stands for. The role is written into the first character of every public key.
public enum Role: String, Sendable, Hashable, CaseIterable {
  /// Signs account claims (`O`).
  case `operator`
  /// Owns subjects and users (`A`).
  case account
  /// Connects to servers (`U`).
  case user
  /// Identifies a server (`N`).
  case server
  /// Identifies a cluster (`C`).
  case cluster
  /// Seals and opens boxes, an X25519 key (`X`).
  case curve
  /// Identifies a module (`M`).
  case module
  /// Identifies a service (`V`).
  case service

  /// The byte in front of a public key's 32 bytes. Its low three bits are zero, so the letter carries all of it.
  public var prefixByte: UInt8 {
    switch self {
    case .operator: 14 << 3
    case .account: 0
    case .user: 20 << 3
    case .server: 13 << 3
    case .cluster: 2 << 3
    case .curve: 23 << 3
    case .module: 12 << 3
    case .service: 21 << 3
    }
  }

  /// The first character of a public key of this role, and the second one of its seed.
  public var letter: Character {
    switch self {
    case .operator: "O"
    case .account: "A"
    case .user: "U"
    case .server: "N"
    case .cluster: "C"
    case .curve: "X"
    case .module: "M"
    case .service: "V"
    }
  }

  /// The role with exactly this prefix byte, nil when no role has it.
  public init?(prefixByte: UInt8) {
    switch prefixByte {
    case 14 << 3: self = .operator
    case 0: self = .account
    case 20 << 3: self = .user
    case 13 << 3: self = .server
    case 2 << 3: self = .cluster
    case 23 << 3: self = .curve
    case 12 << 3: self = .module
    case 21 << 3: self = .service
    default: return nil
    }
  }
}
