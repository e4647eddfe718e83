import TestSupport

@testable import Claims

/// What becomes of a small text, by the kind of rule that it falls under.
struct TextOutcome {
  private let kind: String
  /// Why the text is refused; empty when it is taken.
  private(set) var error = ""
  /// The numbers of a version.
  private(set) var numbers: [Int64] = []
  /// The elements of a list.
  private(set) var list: [String] = []

  /// Throws when the kind is unknown, or the text is no list where one is added.
  init(kind: String, text: String) throws {
    self.kind = kind
    var issues = ValidationIssues()
    switch kind {
    case "server_version":
      switch ServerVersion.parse(text) {
      case .success(let numbers): self.numbers = numbers
      case .failure(let failure): error = failure.message
      }
    case "operator_service_url": error = OperatorClaims.serviceURLIssue(text) ?? ""
    case "cidr":
      var limits = UserPermissionLimits()
      limits.src = NetworkList([text])
      limits.validate(&issues)
    case "time": TimeRange(start: text, end: "00:00:00").validate(&issues)
    case "locale": error = TimeZoneName.problem(with: text) ?? ""
    case "cidr_list_json":
      var networks = NetworkList([])
      do throws(ClaimsError) {
        try networks.read(JSONDocument(Array(text.utf8)).root)
        list = networks.networks
      } catch {
        self.error = error.message
      }
    case "tag_add": list = TagList.adding(try Self.listed(text), to: [])
    case "string_list_add": list = TagList.appending(try Self.listed(text), to: [])
    default: throw SetupError("the kind of text \(kind) is unknown")
    }
    if !issues.all.isEmpty { error = issues.all.map(\.description).joined() }
  }

  private static func listed(_ json: String) throws -> [String] {
    (try JSONReader().read(Array(json.utf8)).elements ?? []).compactMap(\.text)
  }

  /// Whether an error's text is the reference's own: other words come from its language and differ between its releases.
  func isExact(_ error: String) -> Bool {
    switch kind {
    case "operator_service_url": !error.hasPrefix("error parsing")
    case "locale", "cidr_list_json": false
    default: true
    }
  }
}
