import Claims

/// The endpoints whose lists are not lists of alike rows.
extension ReplyTable {
  static var gateways: [ReplyColumn] {
    [
      .server, ReplyColumn("DIRECTION", "direction"), ReplyColumn("GATEWAY", "gateway"), ReplyColumn("REMOTE", "connection.name"),
      ReplyColumn("ADDRESS") { reply, item in
        ReplyColumn.address.text(reply, item["connection"] ?? item)
      },
      ReplyColumn("RTT", "connection.rtt"), ReplyColumn("UPTIME", "connection.uptime"),
    ]
  }

  /// The server's own gateway, the outbound ones by name, and the inbound ones, of which a name can have several.
  static func gateways(of data: JSONValue) -> [JSONValue] {
    guard let name = data["name"]?.text else { return [] }
    let own = row("own", name, [.init("ip", data["host"] ?? .null), .init("port", data["port"] ?? .null)])
    let outbound = (data["outbound_gateways"]?.members ?? []).map { row("outbound", $0.name, $0.value.members ?? []) }
    let inbound = (data["inbound_gateways"]?.members ?? []).flatMap { member in
      (member.value.elements ?? []).map { row("inbound", member.name, $0.members ?? []) }
    }
    return [own] + outbound + inbound
  }

  private static func row(_ direction: String, _ name: String, _ members: [JSONValue.Member]) -> JSONValue {
    .object([.init("direction", .string(direction)), .init("gateway", .string(name))] + members)
  }

  static var accounts: [ReplyColumn] {
    [
      .server, ReplyColumn("ACCOUNT", "account_name"), ReplyColumn("NAME", "name_tag"), ReplyColumn("ROLE", "role"),
      ReplyColumn("CLIENTS", "client_connections"), ReplyColumn("LEAFNODES", "leafnode_connections"), ReplyColumn("SUBS", "subscriptions"),
      ReplyColumn("EXPIRED", "expired"),
      ReplyColumn("UPDATED") { _, item in
        item["update_time"]?.text.map { EventTime.text($0) } ?? "-"
      },
    ]
  }

  /// The names of the accounts, or the facts of the one that was asked for.
  static func accounts(of data: JSONValue) -> [JSONValue] {
    let system = data["system_account"]?.text
    func role(_ name: String?) -> JSONValue.Member {
      .init("role", name != nil && name == system ? .string("system") : .null)
    }
    if let detail = data["account_detail"]?.members {
      return [.object(detail + [role(data["account_detail"]?["account_name"]?.text)])]
    }
    return (data["accounts"]?.elements ?? []).map { .object([.init("account_name", $0), role($0.text)]) }
  }
}
