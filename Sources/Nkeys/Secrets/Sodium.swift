import CSodium

/// The cryptographic library, started once a process.
enum Sodium {
  /// True once libsodium has chosen its implementations; every use of it asks first.
  static let isReady = sodium_init() >= 0
}

/// Lends `count` bytes of scratch memory that are wiped before they are given back.
func withWipedMemory<R, E: Error>(_ count: Int, _ body: (UnsafeMutableRawBufferPointer) throws(E) -> R) throws(E) -> R {
  try withUnsafeTemporaryAllocation(byteCount: count, alignment: 8) { (memory) throws(E) in
    defer { wipe(memory) }
    return try body(memory)
  }
}

/// Overwrites memory with zeros; the compiler cannot leave this out.
func wipe(_ memory: UnsafeMutableRawBufferPointer) {
  guard let start = memory.baseAddress else { return }
  sodium_memzero(start, memory.count)
}

/// Fills memory from the system's randomness.
func fillRandomly(_ memory: UnsafeMutableRawBufferPointer) {
  guard let start = memory.baseAddress else { return }
  randombytes_buf(start, memory.count)
}
