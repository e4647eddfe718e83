/// The Ed25519 encodings that no honest key has, by a comparison of bytes and without curve arithmetic.
enum WeakPoint {
  /// A weakness of the 32 bytes as an Ed25519 public key; nil for every key made from a seed.
  ///
  /// The coordinate y is compared without the sign of x. Coordinates from p = 2^255 - 19 upwards are not reduced
  /// (RFC 8032, 5.1.3, refuses them); y in {0, 1, p - 1} and the two of order eight are all points of small order.
  static func weakness(of key: RawKey) -> NkeyError? {
    let y = (
      UInt64(littleEndian: key.words.0), UInt64(littleEndian: key.words.1), UInt64(littleEndian: key.words.2),
      UInt64(littleEndian: key.words.3) & (.max >> 1)
    )
    let top: UInt64 = .max >> 1
    if y.3 == top, y.2 == .max, y.1 == .max {
      if y.0 >= lowWordOfP { return .nonCanonicalPoint }
      if y.0 == lowWordOfP - 1 { return .smallOrder }
    }
    if y.3 == 0, y.2 == 0, y.1 == 0, y.0 <= 1 { return .smallOrder }
    if y == orderEight || y == negatedOrderEight { return .smallOrder }
    return nil
  }

  private static let lowWordOfP: UInt64 = .max - 18
  private static let orderEight: (UInt64, UInt64, UInt64, UInt64) =
    (0xB027_B2C2_8F95_E826, 0xF098_EFF2_89F4_C345, 0x3933_C6D3_05AC_DFD5, 0x05FC_536D_8802_38B1)
  private static let negatedOrderEight: (UInt64, UInt64, UInt64, UInt64) =
    (0x4FD8_4D3D_706A_17C7, 0x0F67_100D_760B_3CBA, 0xC6CC_392C_FA53_202A, 0x7A03_AC92_77FD_C74E)
}
