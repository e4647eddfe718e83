/// How much JetStream an account, or a tier of it, may use. Zero storage means disabled.
public struct JetStreamLimits: Hashable, Sendable {
  /// Bytes of memory.
  public var memoryStorage = Limit.zero
  /// Bytes on disk.
  public var diskStorage = Limit.zero
  /// How many streams.
  public var streams = Limit.zero
  /// How many consumers.
  public var consumers = Limit.zero
  /// How many messages may wait for an acknowledgement; 0 or less means any number.
  public var maximumAckPending = Limit.zero
  /// Bytes of memory a stream; 0 or less means any number.
  public var memoryMaximumStreamBytes = Limit.zero
  /// Bytes on disk a stream; 0 or less means any number.
  public var diskMaximumStreamBytes = Limit.zero
  /// Whether streams must set a size limit.
  public var maximumBytesRequired = false
  /// Members that this version does not know; only of a tier.
  public var unknown = UnknownMembers()

  /// JetStream disabled.
  public init() {}

  /// Whether there is no limit at all.
  public var isUnlimited: Bool {
    [memoryStorage, diskStorage, streams, consumers].allSatisfy(\.isUnlimited)
      && [maximumAckPending, memoryMaximumStreamBytes, diskMaximumStreamBytes].allSatisfy { $0.value <= 0 } && !maximumBytesRequired
  }

  /// Whether anything can be stored.
  public var isEnabled: Bool { memoryStorage != .zero || diskStorage != .zero }

  /// Whether every number is zero.
  public var isZero: Bool {
    [memoryStorage, diskStorage, streams, consumers, maximumAckPending, memoryMaximumStreamBytes, diskMaximumStreamBytes]
      .allSatisfy { $0 == .zero } && !maximumBytesRequired
  }
}

extension JetStreamLimits: JSONObject {
  static let fields: [JSONField<JetStreamLimits>] = [
    .member("mem_storage", \.memoryStorage), .member("disk_storage", \.diskStorage), .member("streams", \.streams),
    .member("consumer", \.consumers), .member("max_ack_pending", \.maximumAckPending),
    .member("mem_max_stream_bytes", \.memoryMaximumStreamBytes), .member("disk_max_stream_bytes", \.diskMaximumStreamBytes),
    .member("max_bytes_required", \.maximumBytesRequired),
  ]

  static let layout = JSONLayout<Self>(unknown: \.unknown, fields)
}
