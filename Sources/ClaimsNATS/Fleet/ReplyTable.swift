import Claims

/// Replies of servers as rows of texts for people. No token is among them, and nothing that steers a terminal.
public struct ReplyTable: Sendable {
  /// The columns' titles.
  public let titles: [String]
  /// The rows, each with a text for every column.
  public let rows: [[String]]

  /// Reads replies; those with an error have no rows.
  init(_ replies: [FleetReply], _ columns: [ReplyColumn], rows: (FleetReply) -> [JSONValue]) {
    titles = columns.map(\.title)
    self.rows = replies.filter { $0.error == nil }.flatMap { reply in
      rows(reply).map { item in columns.map { $0.text(reply, item) } }
    }
  }

  /// Reads replies of which each is one row.
  init(_ replies: [FleetReply], _ columns: [ReplyColumn]) {
    self.init(replies, columns) { [$0.data] }
  }
}

/// One column: its title, and the text of a row.
struct ReplyColumn {
  let title: String
  let text: (FleetReply, JSONValue) -> String

  /// A column of what a row holds, or the reply it came in.
  init(_ title: String, _ text: @escaping (FleetReply, JSONValue) -> String) {
    self.title = title
    self.text = text
  }

  /// A column of a member of the row, or of a member of a member, with points between.
  init(_ title: String, _ path: String, _ style: @escaping (JSONValue?) -> String = ReplyColumn.plain) {
    self.init(title) { _, item in style(Self.member(path, of: item)) }
  }

  /// The server that replied.
  static var server: ReplyColumn { ReplyColumn("SERVER") { reply, _ in reply.server.label } }

  /// The address of a connection.
  static var address: ReplyColumn {
    ReplyColumn("ADDRESS") { _, item in
      let (host, port) = (plain(item["ip"]), plain(item["port"]))
      return host == "-" ? "-" : "\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }
  }

  static func member(_ path: String, of value: JSONValue) -> JSONValue? {
    path.split(separator: ".").reduce(value) { value, name in value?[String(name)] }
  }

  /// Text and numbers as they are; a dash for nothing.
  static func plain(_ value: JSONValue?) -> String {
    switch value {
    case .string(let text): text.isEmpty ? "-" : TokenText.line(text)
    case .integer(let number): "\(number)"
    case .unsigned(let number): "\(number)"
    case .double(let number): Quantity.decimal(number)
    case .bool(let bool): bool ? "yes" : "no"
    case .array, .object, .null, nil: "-"
    }
  }

  static func bytes(_ value: JSONValue?) -> String { value?.integer.map { Quantity.bytes($0) } ?? plain(value) }

  static func count(_ value: JSONValue?) -> String { value == nil ? "0" : plain(value) }

  static func percent(_ value: JSONValue?) -> String { "\(count(value))%" }
}
