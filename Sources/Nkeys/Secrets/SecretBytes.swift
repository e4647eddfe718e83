import CSodium

/// Secret bytes in guarded memory that is not swapped, read-only once filled, and wiped at the end.
///
/// `@unchecked Sendable`: the memory is written only inside `init`, before anybody else can see the object, and is
/// read-only from then on until `deinit`.
final class SecretBytes: @unchecked Sendable {
  private let memory: UnsafeMutableRawBufferPointer

  /// Takes memory for `count` bytes and lets `fill` write them.
  ///
  /// Throws `cryptographyUnavailable` when there is no such memory.
  init(count: Int, fill: (UnsafeMutableRawBufferPointer) -> Void) throws(NkeyError) {
    guard Sodium.isReady, let start = sodium_malloc(count) else { throw .cryptographyUnavailable }
    memory = UnsafeMutableRawBufferPointer(start: start, count: count)
    fill(memory)
    sodium_mprotect_readonly(start)
  }

  deinit {
    sodium_free(memory.baseAddress)
  }

  var count: Int { memory.count }

  func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
    try body(UnsafeRawBufferPointer(memory))
  }
}
