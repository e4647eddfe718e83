/// The members that tell which kind and version of claims a payload holds, read before anything else.
struct ClaimsIdentifier {
  /// The version that this project writes, and the newest it reads.
  static let currentVersion = 2

  private var topLevelType = ""
  private var natsType = ""
  private var natsVersion = 0
  private var natsTags: [String] = []

  init() {}

  /// A type outside the `nats` object makes it version 1, whatever stands inside.
  var version: Int { topLevelType.isEmpty ? natsVersion : 1 }

  /// The name of the kind; empty when there is none.
  var kind: String { topLevelType.isEmpty ? natsType : topLevelType }
}

extension ClaimsIdentifier: JSONObject {
  static let layout = JSONLayout<Self>([
    .member("type", \.topLevelType),
    .object("nats", JSONLayout([.member("tags", \.natsTags), .member("type", \.natsType), .member("version", \.natsVersion)])),
  ])
}
