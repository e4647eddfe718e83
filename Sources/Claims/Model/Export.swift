/// What an account gives to others.
public struct Export: Hashable, Sendable {
  /// A name for people.
  public var name = ""
  /// The subject.
  public var subject = Subject("")
  /// Stream or service.
  public var type = ExportKind.unknown
  /// Whether importers need an activation token.
  public var tokenRequired = false
  /// Importers whose activations are revoked.
  public var revocations = Revocations()
  /// How a service answers.
  public var responseType = ResponseType(rawValue: "")
  /// How long a service may take to answer.
  public var responseThreshold = ClaimsDuration(nanoseconds: 0)
  /// How latency is measured; nil when it is not.
  public var serviceLatency: ServiceLatency?
  /// The position, from 1, of the token that is the importer's key; 0 for none.
  public var accountTokenPosition: UInt = 0
  /// Whether the export is shown to others.
  public var advertise = false
  /// Whether message traces go on into this account.
  public var allowTrace = false
  /// A text for people.
  public var description = ""
  /// Where people read more.
  public var infoURL = ""
  /// Members that this version does not know.
  public var unknown = UnknownMembers()

  /// All members empty.
  public init() {}

  /// An export of a subject.
  public init(_ type: ExportKind, subject: Subject) {
    self.type = type
    self.subject = subject
  }
}

/// How a service answers; any text can be read.
public struct ResponseType: RawRepresentable, Hashable, Sendable {
  /// The text as it is written.
  public var rawValue: String

  /// A way to answer by its text.
  public init(rawValue: String) {
    self.rawValue = rawValue
  }

  /// One answer.
  public static let singleton = ResponseType(rawValue: "Singleton")
  /// Many answers.
  public static let stream = ResponseType(rawValue: "Stream")
  /// One answer in parts.
  public static let chunked = ResponseType(rawValue: "Chunked")
}

/// How the latency of a service is measured and where the results go.
public struct ServiceLatency: Hashable, Sendable {
  /// Which requests are measured.
  public var sampling = SamplingRate.headers
  /// The subject of the results.
  public var results = Subject("")
  /// Members that this version does not know.
  public var unknown = UnknownMembers()

  /// Measured when a header asks for it, without a subject for the results.
  public init() {}
}

/// Which requests are measured: a percentage, or those whose headers ask for it.
public struct SamplingRate: Hashable, Sendable {
  /// The percentage; 0 stands for headers. Any number can be read, but only 0 to 100 can be written.
  public var value: Int

  /// A percentage.
  public init(_ value: Int) {
    self.value = value
  }

  /// Requests whose headers ask for it.
  public static let headers = SamplingRate(0)
}

extension Export: JSONObject {
  static let layout = JSONLayout<Self>(
    unknown: \.unknown,
    [
      .member("name", \.name), .member("subject", \.subject), .member("type", \.type), .member("token_req", \.tokenRequired),
      .member("revocations", \.revocations), .member("response_type", \.responseType.rawValue),
      .member("response_threshold", \.responseThreshold), .member("service_latency", \.serviceLatency),
      .member("account_token_position", \.accountTokenPosition), .member("advertise", \.advertise),
      .member("allow_trace", \.allowTrace), .member("description", \.description), .member("info_url", \.infoURL),
    ])
}

extension ServiceLatency: JSONObject {
  static let layout = JSONLayout<Self>(
    unknown: \.unknown, [.member("sampling", \.sampling, always: true), .member("results", \.results, always: true)])
}

extension SamplingRate: JSONMember {
  init() { value = 0 }

  var isEmptyMember: Bool { value == 0 }

  /// The text `headers` in any letter case, or an integer.
  mutating func read(_ json: JSONCursor) throws(ClaimsError) {
    value = 0
    if json.kind == .string, GoText.lowercased(String(decoding: json.source, as: UTF8.self)) == "\"headers\"" { return }
    try value.read(json)
  }

  func write(to json: inout JSONWriter) {
    switch value {
    case 0: json.string("headers")
    case 1...100: json.integer(value)
    default:
      json.fail(ClaimsError(.unwritable, "latency sampling \(value) has no written form: unknown sampling rate"))
      json.integer(value)
    }
  }
}
