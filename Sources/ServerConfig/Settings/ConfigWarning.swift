/// What is to be known of a configuration that holds.
public struct ConfigWarning: Sendable, Hashable, CustomStringConvertible {
  /// Why a key does not do what whoever wrote it may expect.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// A key of the peer that means something else here.
    case changed
    /// A key of the peer that may stand there, and does nothing.
    case unneeded
    /// It is no key of either program, or stands twice.
    case mistake
  }

  /// The kind.
  public let kind: Kind
  /// Where; nil when it is not about a file.
  public let position: ConfigPosition?
  /// What is to be known.
  public let message: String

  init(_ kind: Kind, _ message: String, at position: ConfigPosition?) {
    self.kind = kind
    self.message = message
    self.position = position
  }

  /// The place and the message.
  public var description: String { position.map { "\($0): \(message)" } ?? message }
}
