import CSodium

/// SHA-512/256 of FIPS 180-4: SHA-512 from other initial words, cut to 32 bytes.
enum SHA512t256 {
  /// The initial words of FIPS 180-4, section 5.3.6.2.
  private static let initialWords: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (
    0x2231_2194_FC2B_F72C, 0x9F55_5FA3_C84C_64C2, 0x2393_B86B_6F53_B151, 0x9638_7719_5940_EABD,
    0x9628_3EE2_A88E_FFE3, 0xBE5E_1E25_5386_3992, 0x2B01_99FC_2C85_B8AA, 0x0EB7_2DDC_81C5_2CA2
  )

  /// The hash of bytes.
  static func hash(_ bytes: [UInt8]) -> [UInt8] {
    var state = crypto_hash_sha512_state()
    crypto_hash_sha512_init(&state)
    state.state = initialWords
    crypto_hash_sha512_update(&state, bytes, UInt64(bytes.count))
    var digest = [UInt8](repeating: 0, count: crypto_hash_sha512_bytes())
    crypto_hash_sha512_final(&state, &digest)
    return Array(digest.prefix(32))
  }
}
