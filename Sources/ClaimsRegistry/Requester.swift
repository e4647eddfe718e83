/// Who asked for a change, for the log and the audit.
public struct Requester: Sendable, Hashable, CustomStringConvertible {
  /// The text that the change log keeps, such as `http 127.0.0.1`.
  public let description: String

  /// A client over HTTP, by its address.
  public static func http(address: String) -> Requester { Requester(description: "http \(address)") }
  /// Whoever sent a message over NATS, by the subject it came on.
  public static func nats(subject: String) -> Requester { Requester(description: "nats \(subject)") }
  /// A nats-server that was found with newer claims.
  public static func server(_ name: String) -> Requester { Requester(description: "nats-server \(name)") }
  /// Another server of ours, or a resolver, whose state was merged.
  public static func peer(_ name: String) -> Requester { Requester(description: "peer \(name)") }
  /// A file that lay in the directory.
  public static func file(_ name: String) -> Requester { Requester(description: "file \(name)") }
  /// Another account server, which this one copies from.
  public static func primary(_ url: String) -> Requester { Requester(description: "primary \(url)") }
  /// The announcer, which renews closing claims.
  static let announcer = Requester(description: "announcer")
  /// Someone at the administration door.
  public static let administration = Requester(description: "administration")
  /// A command beside the store.
  public static func command(_ name: String) -> Requester { Requester(description: "command \(name)") }
  /// This program itself.
  public static let setup = Requester(description: "setup")

  /// The same, for claims that an operator's key signed on the way.
  var signed: Requester { Requester(description: description + ", signed on the way") }

  private init(description: String) { self.description = description }
}
