/// Text that must not be seen: a seed, a private key or a file that holds one.
///
/// It has no textual form of its own, so neither a log line nor a dump can show it. Its memory is wiped at the end.
/// Whoever writes it to a file creates that file with mode 0600.
public final class SecretText: Sendable {
  private let bytes: SecretBytes

  init(copying text: UnsafeRawBufferPointer) throws(NkeyError) {
    bytes = try SecretBytes(count: text.count) { $0.copyMemory(from: text) }
  }

  /// The number of characters, all of them ASCII.
  public var count: Int { bytes.count }

  /// Gives the characters to `body`; the buffer must not be kept, nor copied where it is not wiped.
  public func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
    try bytes.withUnsafeBytes(body)
  }
}

extension SecretText: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Says only that there is a secret.
  public var description: String { "(secret text)" }

  /// Says only that there is a secret.
  public var debugDescription: String { description }

  /// Shows no parts.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
