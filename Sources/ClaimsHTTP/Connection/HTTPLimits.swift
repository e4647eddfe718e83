public import NIOCore

/// What one client may take: sizes, deadlines and connections. The defaults are the design's.
public struct HTTPLimits: Sendable, Hashable {
  /// The largest header block, in bytes.
  public var headerBlock = 16 * 1024
  /// The most header fields.
  public var headerFields = 64
  /// The largest body, in bytes.
  public var body = 1_048_576
  /// The most accounts that a pack may be asked for, and how many it has when nothing is asked for.
  public var pack = 10_000
  /// From the first byte of a request to the end of its headers.
  public var headersDeadline = TimeAmount.seconds(5)
  /// From the end of the headers to the end of the body.
  public var bodyDeadline = TimeAmount.seconds(10)
  /// Without any request.
  public var idleDeadline = TimeAmount.seconds(30)
  /// Without a client taking its answer.
  public var answerDeadline = TimeAmount.seconds(30)
  /// How long a client that sent too much is listened to, so that it reads the refusal before the connection goes.
  public var lingering = TimeAmount.seconds(2)
  /// Open connections in all. One more takes the place of one that lies idle.
  public var connections = 8_192
  /// Open connections of one address; nil for any number, since many clients may share one.
  public var connectionsOfAddress: Int?
  /// Questions a second of one address about keys that nobody has; nil for any number.
  public var unknownKeys: Int?
  /// How long a connection must lie idle for that: shorter than a flood takes to fill all places, long enough for a first request to come.
  public var displacedAfter = TimeAmount.milliseconds(100)

  /// The most bytes that come for a body, with the sizes and extensions of its chunks: these are thrown away unseen, and cost nobody but us.
  var wholeBody: Int { 2 * body + 64 * 1024 }

  /// The design's limits.
  public init() {}
}
