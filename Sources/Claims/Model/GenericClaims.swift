public import Nkeys

/// Claims of a kind that has no model: the `nats` object is a free map.
///
/// Numbers in the map are doubles, as the reference keeps them.
public struct GenericClaims: Hashable, Sendable {
  /// The members that all claims share.
  public var common = CommonClaims()
  /// The `nats` object; nil when there is none.
  public var data: ClaimsMap<JSONValue>?

  init() {}

  /// Claims without a `nats` object, as the reference's constructor makes them.
  public init(subject: KeyReference) {
    common.sub = subject
  }

  /// The kind that the claims report: a known kind's name, `generic` for any other text, empty without one.
  public var typeText: String {
    var kind = data?["type"]
    if kind == nil, let inner = data?["nats"] {
      kind = inner.members == nil ? inner : inner["type"]
    }
    guard let text = kind?.text else { return "" }
    return ClaimType(rawValue: text)?.rawValue ?? ClaimType.generic.rawValue
  }

  /// The version in the `nats` object, 0 without one.
  public var version: Int {
    guard case .double(let number) = data?["version"] else { return 0 }
    return Int(exactly: number) ?? 0
  }

  /// The tags in the `nats` object.
  public var tags: [String] {
    data?["tags"]?.elements?.compactMap(\.text) ?? []
  }
}

extension GenericClaims {
  static let dataField = JSONField<GenericClaims>(
    name: "nats",
    isOmitted: { $0.data?.isEmpty ?? true },
    isAbsent: { $0.data == nil },
    read: { (claims, json) throws(ClaimsError) in
      guard !json.isNull else {
        claims.data = nil
        return
      }
      var data = claims.data ?? ClaimsMap()
      data.merge(try json.untypedMembers().map { ($0.key, $0.value) })
      claims.data = data
    },
    write: { claims, json in
      json.beginObject()
      for (name, value) in claims.data ?? [:] {
        json.name(name)
        value.write(to: &json)
      }
      json.endObject()
    })

  static let layout = JSONLayout<GenericClaims>(
    unknown: \.common.unknown,
    CommonClaims.layout.fields.map { $0.lifted(to: \.common) } + [dataField])
}
